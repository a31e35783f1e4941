namespace RlhfV.Preferences;

/// <summary>One message of TRL's conversational layout.</summary>
/// <param name="Role">The speaker's name as the file has it.</param>
/// <param name="Parts">The parts of the content in order; null stands for a picture.</param>
internal sealed record TrlMessage(string Role, IReadOnlyList<string?> Parts)
{
    public int Pictures => Parts.Count(part => part is null);

    public string Text => string.Concat(Parts);

    /// <summary>True when all pictures stand before the text, or all behind it.</summary>
    public bool HoldsPicturesAtOneEnd =>
        Parts.Take(Pictures).All(part => part is null) || Parts.TakeLast(Pictures).All(part => part is null);

    /// <summary>UTF-16 code units of <see cref="Text"/> before each picture.</summary>
    public IEnumerable<int> PicturePlaces =>
        Parts.Index().Where(part => part.Item is null).Select(part => Parts.Take(part.Index).Sum(before => before?.Length ?? 0));

    public bool IsSameAs(TrlMessage other) => Role == other.Role && Parts.SequenceEqual(other.Parts);
}
