namespace RlhfV.Extensions.AI;

/// <summary>
/// The options that a client and its model start with. Read once for both: the model is loaded later, when the configuration may have become
/// invalid, or name another model than the one that the client speaks of.
/// </summary>
/// <param name="Value">Valid options; not changed.</param>
internal sealed record OptionsAtStart(RlhfVChatClientOptions Value);
