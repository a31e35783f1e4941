namespace RlhfV.Extensions.AI;

/// <summary>
/// Names under which <c>AdditionalProperties</c> of requests and responses hold what <c>ChatOptions</c> has no property for.
/// <see cref="RlhfVChatExtensions"/> and <see cref="RlhfVGroundingExtensions"/> have typed methods for them. Other names that begin with
/// <see cref="Prefix"/> are refused.
/// </summary>
public static class RlhfVChatProperties
{
    /// <summary>What all names begin with.</summary>
    public const string Prefix = "rlhfv.";

    /// <summary>
    /// In a request: true asks for log-probabilities. In the response, and in the last update of a stream: the array of
    /// <see cref="TokenLogProbability"/>, the ending token included.
    /// </summary>
    public const string LogProbabilities = Prefix + "log_probabilities";

    /// <summary>
    /// In a request: true asks how far the picture supports the answer. In the response, and in the last update of a stream: the
    /// <see cref="Models.Grounding.AnswerGrounding"/>.
    /// </summary>
    public const string Grounding = Prefix + "grounding";

    /// <summary>In a request: a number, divides the logit of tokens that already stand in prompt or answer; 1 does nothing.</summary>
    public const string RepetitionPenalty = Prefix + "repetition_penalty";

    /// <summary>In a request: a number, keeps only tokens at least this many times as likely as the likeliest; 0 keeps all.</summary>
    public const string MinP = Prefix + "min_p";
}
