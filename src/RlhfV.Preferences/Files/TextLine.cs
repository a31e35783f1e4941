namespace RlhfV.Preferences;

/// <summary>One line of a text file.</summary>
/// <param name="Number">Its number, the first being 1.</param>
/// <param name="Utf8">Its bytes without the line end; valid until the next line is read.</param>
internal readonly record struct TextLine(long Number, ReadOnlyMemory<byte> Utf8);
