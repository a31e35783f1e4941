using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>The picture of an example as it is stored: encoded bytes, or a path to a file. It is never decoded in this package.</summary>
public sealed record PreferenceImage
{
    /// <summary>Bytes at either end that take part in the hash; equality compares all of them.</summary>
    private const int HashedBytes = 64;

    /// <summary>The encoded picture (PNG, JPEG ..), or null when only <see cref="Path"/> is known.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; init; }

    /// <summary>
    /// The picture's name as its file holds it, relative to the root that the reader was given, or a full path where the bytes are not
    /// loaded; null when the picture came without one.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// The media type that the first bytes show, for example <c>image/png</c>; null when there are no bytes or they begin no known picture.
    /// </summary>
    [JsonIgnore]
    public string? MediaType => Bytes is { } bytes ? ImageSignature.MediaType(bytes.Span) : null;

    /// <summary>Makes a picture from encoded bytes.</summary>
    /// <param name="bytes">The encoded picture.</param>
    /// <param name="path">The name under which it is stored, if any.</param>
    public static PreferenceImage FromBytes(ReadOnlyMemory<byte> bytes, string? path = null) => new() { Bytes = bytes, Path = path };

    /// <summary>Makes a picture from a path.</summary>
    /// <param name="path">The file's path.</param>
    public static PreferenceImage FromPath(string path) => new() { Path = path };

    /// <summary>Equal when the paths are equal and the bytes are equal one by one.</summary>
    /// <param name="other">The picture to compare with.</param>
    public bool Equals(PreferenceImage? other) =>
        other is not null && Path == other.Path && Bytes.HasValue == other.Bytes.HasValue
        && (!Bytes.HasValue || Bytes.Value.Span.SequenceEqual(other.Bytes!.Value.Span));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Path);
        if (Bytes is { } bytes)
        {
            ReadOnlySpan<byte> span = bytes.Span;
            hash.Add(span.Length);
            hash.AddBytes(span[..Math.Min(HashedBytes, span.Length)]);
            hash.AddBytes(span[Math.Max(0, span.Length - HashedBytes)..]);
        }

        return hash.ToHashCode();
    }
}
