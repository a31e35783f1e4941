using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>Reads the objects of a JSON list, or of JSON lines, one by one.</summary>
internal static class JsonRecordReader
{
    private const int InitialBytes = 256 * 1024;

    /// <summary>
    /// The records of a file with their numbers: places in the list, or lines. A record is valid until the next one is asked for. What is
    /// not even JSON is reported; in a list nothing can be found behind it, and the reading ends.
    /// </summary>
    public static IEnumerable<TextLine> Read(PreferenceSource source) =>
        PreferenceFileHead.Read(source.Path).FirstCharacter == (byte)'[' ? ReadList(source) : LineReader.ReadLines(source);

    /// <summary>The records of a list under a key of the object that a file holds, with their places in the list.</summary>
    /// <exception cref="PreferenceDataException">The file holds no such object, or the key no list.</exception>
    public static IEnumerable<TextLine> ReadList(PreferenceSource source, string key) =>
        JsonKeyFinder.Find(source, key) is { Type: JsonTokenType.StartArray } found
            ? ReadList(source, found.Start + 1)
            : throw source.Bad(null, key, "is missing or no list; expected an object with a list of this name.");

    /// <summary>The text under a key of the object that a file holds; null when there is none.</summary>
    /// <exception cref="PreferenceDataException">The file holds no object.</exception>
    public static string? FindText(PreferenceSource source, string key) =>
        JsonKeyFinder.Find(source, key) is { Type: JsonTokenType.String } found ? found.Text : null;

    private static IEnumerable<TextLine> ReadList(PreferenceSource source)
    {
        byte[] head = new byte[InitialBytes];
        using FileStream stream = File.OpenRead(source.Path);
        int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return ReadList(source, head.AsSpan(0, length).IndexOf((byte)'[') + 1);
    }

    private static IEnumerable<TextLine> ReadList(PreferenceSource source, long from)
    {
        using FileStream stream = File.OpenRead(source.Path);
        stream.Position = from;
        byte[] buffer = new byte[InitialBytes];
        int start = 0, end = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);

        for (long number = 1; ; number++)
        {
            (int Start, int Length) found;
            while (!TryFind(source, number, buffer.AsSpan(start, end - start), stream.Position == stream.Length, out found))
            {
                if (start > 0)
                    buffer.AsSpan(start, end - start).CopyTo(buffer);
                else
                    Array.Resize(ref buffer, checked(buffer.Length * 2));
                (start, end) = (0, end - start);
                end += stream.ReadAtLeast(buffer.AsSpan(end), buffer.Length - end, throwOnEndOfStream: false);
            }

            if (found.Length == 0)
                yield break;
            yield return new TextLine(number, buffer.AsMemory(start + found.Start, found.Length));
            start += found.Start + found.Length;
        }
    }

    /// <summary>
    /// Finds the next record. False when more bytes are needed; an empty record at the end of the list, and after damage that was reported.
    /// </summary>
    private static bool TryFind(
        PreferenceSource source, long number, ReadOnlySpan<byte> bytes, bool atEnd, out (int Start, int Length) found)
    {
        found = default;
        ReadOnlySpan<byte> rest = bytes.TrimStart(" \t\r\n"u8);
        if (number > 1 && rest.StartsWith(","u8))
            rest = rest[1..].TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty && !atEnd)
            return false;
        if (rest.StartsWith("]"u8))
            return true;

        try
        {
            var reader = new Utf8JsonReader(rest, atEnd, default);
            if (!reader.Read() || !reader.TrySkip())
                return false;
            found = (bytes.Length - rest.Length, checked((int)reader.BytesConsumed));
            return true;
        }
        catch (JsonException problem)
        {
            source.Report(source.Bad(number, null, $"is not valid JSON, and nothing behind it can be read: {problem.Message}", problem));
            return true;
        }
    }
}
