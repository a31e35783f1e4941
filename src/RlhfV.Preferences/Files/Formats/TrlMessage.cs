namespace RlhfV.Preferences;

/// <summary>One message of TRL's conversational layout.</summary>
/// <param name="Role">The speaker's name as the file has it.</param>
/// <param name="Parts">The parts of the content in order; null stands for a picture.</param>
internal sealed record TrlMessage(string Role, IReadOnlyList<string?> Parts)
{
    public int Pictures => Parts.Count(part => part is null);

    public string Text => string.Concat(Parts);

    /// <summary>True when a picture stands between two texts.</summary>
    public bool HoldsPictureInside => Parts.Index().Any(part => part.Item is null && part.Index > 0 && part.Index < Parts.Count - 1);

    public bool IsSameAs(TrlMessage other) => Role == other.Role && Parts.SequenceEqual(other.Parts);
}
