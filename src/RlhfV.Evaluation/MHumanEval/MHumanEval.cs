using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>
/// MHumanEval (RLHF-V, CVPR 2024, section 4.1): people mark the hallucinated segments of 146 responses and say whether object, position,
/// number or something else is wrong.
/// </summary>
public static class MHumanEval
{
    /// <summary>Aggregates marked responses.</summary>
    /// <param name="responses">The responses; at least one.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no response, or one contradicts itself.</exception>
    public static MHumanEvalResult Score(IReadOnlyList<ResponseAssessment> responses, BootstrapOptions? bootstrap = null)
    {
        ArgumentNullException.ThrowIfNull(responses);
        return new()
        {
            Metrics = HallucinationMetrics.From(responses, bootstrap),
            Curve = HallucinationCurve.Of(responses),
            BySource = responses.Where(response => response.Source is not null).GroupBy(response => response.Source!)
                .ToDictionary(group => group.Key, group => HallucinationMetrics.From(group, bootstrap), StringComparer.Ordinal),
        };
    }

    /// <summary>
    /// Takes corrections for marks: what an annotator replaced in the rejected answer is what was hallucinated. So the files that people's
    /// corrections are stored in serve as an evaluation of the model they corrected.
    /// </summary>
    /// <param name="examples">Corrected examples; an insertion marks nothing, since nothing was there to be wrong.</param>
    public static IReadOnlyList<ResponseAssessment> FromCorrections(IEnumerable<PreferenceExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return
        [
            .. examples.Select((example, i) => new ResponseAssessment
            {
                Id = $"{i}",
                Prompt = example.Prompt,
                Image = example.Image,
                Response = example.Rejected,
                Segments =
                [
                    .. example.Segments.Where(segment => !segment.Rejected.IsEmpty)
                        .Select(segment => new HallucinatedSegment(segment.Rejected, segment.Type)),
                ],
            }),
        ];
    }
}
