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
        if (responses.Count == 0 && FileDiagnostics.Of(responses) is [var first, ..])
        {
            throw new ArgumentException($"There is no response to measure; the file lost all it had, first {first}", nameof(responses));
        }

        return new()
        {
            Metrics = HallucinationMetrics.From(responses, bootstrap),
            Curve = HallucinationCurve.Of(responses),
            Diagnostics = [.. FileDiagnostics.Of(responses), .. Repeated(responses)],
            BySource = responses.Where(response => response.Source is not null).GroupBy(response => response.Source!)
                .ToDictionary(group => group.Key, group => HallucinationMetrics.From(group, bootstrap), StringComparer.Ordinal),
        };
    }

    private static IEnumerable<EvaluationDiagnostic> Repeated(IReadOnlyList<ResponseAssessment> responses) =>
        responses.GroupBy(response => (response.Id, response.Source)).Where(group => group.Count() > 1)
            .Select(group => new EvaluationDiagnostic(
                DiagnosticCode.DuplicateAnswer, group.Key.Id,
                $"The sample has {group.Count()} marked responses{(group.Key.Source is { } source ? $" of '{source}'" : "")}; each of them counts."));

    /// <summary>
    /// Takes corrections for marks: what an annotator replaced in the rejected answer is what was hallucinated. So the files that people's
    /// corrections are stored in serve as an evaluation of the model they corrected.
    /// </summary>
    /// <remarks>
    /// Exports of pairs hold the answers that needed a correction and no others, so that the response rate of a file alone is 1 by construction:
    /// add the answers in which nothing was wrong, without segments, before reading it. Types and their shares stand as they are.
    /// </remarks>
    /// <param name="examples">
    /// Corrected examples; an insertion marks nothing, since nothing was there to be wrong. Where an example has no segments, a word diff finds
    /// them, and their type is <see cref="HallucinationType.Other"/>.
    /// </param>
    /// <returns>
    /// The rejected answers; id and source are those of <see cref="PreferenceExample.Origin"/> (the model, else the data set), or the place in the
    /// list and null.
    /// </returns>
    public static IReadOnlyList<ResponseAssessment> FromCorrections(IEnumerable<PreferenceExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return
        [
            .. examples.Select((example, i) => new ResponseAssessment
            {
                Id = example.Origin.Id ?? $"{i}",
                Source = example.Origin.Model ?? example.Origin.Dataset,
                Prompt = example.Prompt,
                Image = example.Image,
                MoreImages = example.MoreImages,
                Response = example.Rejected,
                Segments = Marks(example),
            }),
        ];
    }

    private static IReadOnlyList<HallucinatedSegment> Marks(PreferenceExample example) => example.Segments.Count > 0
        ? [.. example.Segments.Where(segment => !segment.Rejected.IsEmpty)
            .Select(segment => new HallucinatedSegment(segment.Rejected, segment.Type))]
        : [.. SegmentDiff.Words(example.Rejected, example.Chosen).Where(segment => !segment.Rejected.IsEmpty)
            .Select(segment => new HallucinatedSegment(segment.Rejected, HallucinationType.Other))];
}
