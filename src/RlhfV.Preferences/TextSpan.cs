using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>A stretch of a text in UTF-16 code units: <paramref name="Start"/> and <paramref name="Length"/>, both zero or more.</summary>
/// <param name="Start">Index of the first character.</param>
/// <param name="Length">Number of characters; zero marks a place between two characters.</param>
[method: JsonConstructor]
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Index behind the last character.</summary>
    [JsonIgnore]
    public int End => Start + Length;

    /// <summary>True when the span holds no character.</summary>
    [JsonIgnore]
    public bool IsEmpty => Length == 0;
}
