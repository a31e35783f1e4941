namespace RlhfV.Models.Generation;

/// <summary>How an answer is decoded.</summary>
public sealed record GenerationOptions
{
    /// <summary>Most new tokens. <value>The default is 512.</value></summary>
    public int MaxNewTokens { get; init; } = 512;

    /// <summary>Sampling temperature; 0 takes the likeliest token (greedy). <value>The default is 0.</value></summary>
    public double Temperature { get; init; }

    /// <summary>Keeps only the likeliest tokens whose probabilities add up to this; 1 keeps all. <value>The default is 1.</value></summary>
    public double TopP { get; init; } = 1;

    /// <summary>Keeps only this many likeliest tokens; 0 keeps all. <value>The default is 0.</value></summary>
    public int TopK { get; init; }

    /// <summary>Keeps only tokens at least this many times as likely as the likeliest; 0 keeps all. <value>The default is 0.</value></summary>
    public double MinP { get; init; }

    /// <summary>Divides the logit of tokens that already stand in prompt or answer (multiplies negative ones); 1 does nothing. <value>The default is 1.</value></summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Ids that are never chosen. <value>The default is none.</value></summary>
    public IReadOnlyList<int> SuppressedTokens { get; init; } = [];

    /// <summary>
    /// Number of beams: unfinished answers that are followed side by side; 1 follows one. With a temperature above 0 the beams' continuations
    /// are drawn, else the likeliest are taken. <value>The default is 1.</value>
    /// </summary>
    public int Beams { get; init; } = 1;

    /// <summary>
    /// Finished beams are compared by the sum of their log-probabilities divided by their length to this power: above 0 favours long
    /// answers, below 0 short ones. <value>The default is 1.</value>
    /// </summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>
    /// Whether beam search ends as soon as there are <see cref="Beams"/> finished answers, instead of when no unfinished one is likely to
    /// become better. <value>The default is false.</value>
    /// </summary>
    public bool EarlyStopping { get; init; }

    /// <summary>Seed of the sampling; null draws one. Equal seeds give equal answers to equal prompts, whatever else is in the batch.</summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Texts that end the answer, besides those of the family (<see cref="VisionLanguageProcessor.StopStrings"/>); they are not part of it.
    /// <value>The default is none.</value>
    /// </summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Some values are out of range; the message lists every one.</exception>
    public void Validate()
    {
        var problems = new List<string>();
        Check(MaxNewTokens >= 1, $"{nameof(MaxNewTokens)} is {MaxNewTokens}; expected 1 or more");
        Check(Temperature is >= 0 and <= 100, $"{nameof(Temperature)} is {Temperature}; expected 0 to 100");
        Check(TopP is > 0 and <= 1, $"{nameof(TopP)} is {TopP}; expected above 0, at most 1");
        Check(TopK >= 0, $"{nameof(TopK)} is {TopK}; expected 0 or more");
        Check(MinP is >= 0 and < 1, $"{nameof(MinP)} is {MinP}; expected 0 or more, below 1");
        Check(RepetitionPenalty > 0 && double.IsFinite(RepetitionPenalty), $"{nameof(RepetitionPenalty)} is {RepetitionPenalty}; expected a finite number above 0");
        Check(SuppressedTokens.All(id => id >= 0), $"{nameof(SuppressedTokens)} holds a negative id");
        Check(Beams is >= 1 and <= 64, $"{nameof(Beams)} is {Beams}; expected 1 to 64");
        Check(double.IsFinite(LengthPenalty), $"{nameof(LengthPenalty)} is {LengthPenalty}; expected a finite number");
        Check(StopStrings.All(s => !string.IsNullOrEmpty(s)), $"{nameof(StopStrings)} holds an empty text");
        Check(StopStrings.All(s => s is null || IsWhole(s)), $"{nameof(StopStrings)} holds half of a surrogate pair, which no answer has by itself; expected whole characters");
        if (problems.Count > 0)
        {
            throw new ArgumentException($"{nameof(GenerationOptions)} cannot be used: {string.Join("; ", problems)}.");
        }

        void Check(bool good, string problem)
        {
            if (!good)
            {
                problems.Add(problem);
            }
        }
    }

    /// <summary>Whether a text has no half of a character: an answer cut before a second half would end with the first.</summary>
    private static bool IsWhole(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
            {
                return false;
            }
        }

        return true;
    }
}
