using RlhfV.Models.Generation;

namespace RlhfV.Extensions.AI;

/// <summary>How answers are decoded where a request's <c>ChatOptions</c> say nothing.</summary>
public sealed class GenerationDefaults
{
    /// <summary>Most new tokens of an answer, 1 to 1,000,000; the model's positions bound it further. <value>The default is 512.</value></summary>
    [Expected(1, 1_000_000)]
    public int MaxOutputTokens { get; set; } = 512;

    /// <summary>Sampling temperature, 0 to 100; 0 takes the likeliest token (greedy). <value>The default is 0.</value></summary>
    [Expected(0, 100)]
    public double Temperature { get; set; }

    /// <summary>
    /// Keeps only the likeliest tokens whose probabilities add up to this, 0.000001 to 1; 1 keeps all. <value>The default is 1.</value>
    /// </summary>
    [Expected(0.000001, 1)]
    public double TopP { get; set; } = 1;

    /// <summary>Keeps only this many likeliest tokens; 0 keeps all. <value>The default is 0.</value></summary>
    [Expected(0, int.MaxValue)]
    public int TopK { get; set; }

    /// <summary>
    /// Keeps only tokens at least this many times as likely as the likeliest, 0 to 0.999999; 0 keeps all. <value>The default is 0.</value>
    /// </summary>
    [Expected(0, 0.999999)]
    public double MinP { get; set; }

    /// <summary>
    /// Divides the logit of tokens that already stand in prompt or answer, 0.01 to 100; 1 does nothing. <value>The default is 1.</value>
    /// </summary>
    [Expected(0.01, 100)]
    public double RepetitionPenalty { get; set; } = 1;

    /// <summary>Seed of the sampling; null draws one per request. <value>The default is null.</value></summary>
    public int? Seed { get; set; }

    /// <summary>Texts that end an answer and are not part of it; none may be empty. <value>The default is none.</value></summary>
    public IList<string> StopSequences { get; set; } = [];

    internal GenerationOptions ToOptions() => new()
    {
        MaxNewTokens = MaxOutputTokens,
        Temperature = Temperature,
        TopP = TopP,
        TopK = TopK,
        MinP = MinP,
        RepetitionPenalty = RepetitionPenalty,
        Seed = Seed,
        StopStrings = [.. StopSequences],
    };

    internal GenerationDefaults Copy()
    {
        var copy = (GenerationDefaults)MemberwiseClone();
        copy.StopSequences = [.. StopSequences];
        return copy;
    }
}
