namespace RlhfV.Evaluation;

/// <summary>The figures that CHAIR and Object HalBench share, over a set of responses, with intervals from resampling responses.</summary>
public sealed class ObjectRates
{
    private const int One = 0, WithObject = 1, Hallucinating = 2, Mentions = 3, Wrong = 4, Correct = 5, Truth = 6, Columns = 7;

    private ObjectRates()
    {
    }

    /// <summary>Responses that hallucinate an object / all responses (CHAIRs).</summary>
    public RatioEstimate OfResponses { get; private init; }

    /// <summary>
    /// Responses that hallucinate an object / responses that name one (<c>CHAIRs_refine</c>): the response-level rate of the RLHF-V paper.
    /// </summary>
    public RatioEstimate OfResponsesWithObjects { get; private init; }

    /// <summary>Hallucinated mentions / mentions (CHAIRi): the mention-level rate of the RLHF-V paper.</summary>
    public RatioEstimate OfMentions { get; private init; }

    /// <summary>Different classes named correctly / classes the pictures show, summed over responses.</summary>
    public RatioEstimate Recall { get; private init; }

    internal static ObjectRates Of(IReadOnlyList<ObjectScore> scores, BootstrapOptions? bootstrap)
    {
        var table = new ItemTable(scores.Count, Columns);
        for (int i = 0; i < scores.Count; i++)
        {
            ObjectScore score = scores[i];
            int wrong = score.Hallucinated.Count();
            Span<double> row = table.Row(i);
            row[One] = 1;
            row[WithObject] = score.Mentions.Count > 0 ? 1 : 0;
            row[Hallucinating] = wrong > 0 ? 1 : 0;
            row[Mentions] = score.Mentions.Count;
            row[Wrong] = wrong;
            row[Correct] = score.CorrectClasses;
            row[Truth] = score.Truth.Count;
        }

        var resampled = new Bootstrap(table, bootstrap ?? BootstrapOptions.Default);
        return new()
        {
            OfResponses = resampled.Share(Hallucinating, One),
            OfResponsesWithObjects = resampled.Share(Hallucinating, WithObject),
            OfMentions = resampled.Share(Wrong, Mentions),
            Recall = resampled.Share(Correct, Truth),
        };
    }
}
