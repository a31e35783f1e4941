namespace RlhfV.Models.Checkpoints;

/// <summary>A dictionary as a pickle stream builds it: pairs in order. What the keys may be is for the reader to decide.</summary>
internal sealed class PickleDictionary
{
    /// <summary>The pairs.</summary>
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}
