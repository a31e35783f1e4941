using System.Text;
using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>Finds a key of the object that a large file holds, without keeping more of the file than a piece.</summary>
internal static class JsonKeyFinder
{
    private const int InitialBytes = 256 * 1024;

    /// <summary>What stands behind a key.</summary>
    /// <param name="Type">Kind of its first token.</param>
    /// <param name="Start">Place of that token in the file, in bytes.</param>
    /// <param name="Text">The value when it is a text.</param>
    public readonly record struct Found(JsonTokenType Type, long Start, string? Text);

    /// <summary>Looks for a key on the first level; null when the object has none.</summary>
    /// <exception cref="PreferenceDataException">The file holds no JSON object.</exception>
    public static Found? Find(PreferenceSource source, string key)
    {
        using FileStream stream = File.OpenRead(source.Path);
        byte[] buffer = new byte[InitialBytes];
        int end = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        int start = buffer.AsSpan(0, end).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var scan = new Scan(key);
        while (true)
        {
            bool atEnd = stream.Position == stream.Length;
            int read;
            try
            {
                read = scan.Advance(buffer.AsSpan(start, end - start), atEnd, stream.Position - (end - start));
            }
            catch (JsonException problem)
            {
                throw source.Bad(null, null, $"is not valid JSON: {problem.Message}", problem);
            }

            if (!scan.BeganWithObject)
                throw source.Bad(null, null, "is no JSON object; expected one with a list.");
            if (scan.Result is not null || atEnd)
                return scan.Result;
            start += read;
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
                Array.Resize(ref buffer, checked(buffer.Length * 2));
            end += stream.ReadAtLeast(buffer.AsSpan(end), buffer.Length - end, throwOnEndOfStream: false);
        }
    }

    private sealed class Scan(string key)
    {
        private JsonReaderState _state;
        private bool _first = true;
        private bool _next;

        public bool BeganWithObject { get; private set; } = true;

        public Found? Result { get; private set; }

        /// <summary>Reads tokens as far as the bytes reach; gives how many bytes were used.</summary>
        public int Advance(ReadOnlySpan<byte> bytes, bool atEnd, long place)
        {
            var reader = new Utf8JsonReader(bytes, atEnd, _state);
            while (Result is null && BeganWithObject && reader.Read())
            {
                if (_first)
                    (_first, BeganWithObject) = (false, reader.TokenType == JsonTokenType.StartObject);
                else if (_next)
                    Result = new Found(
                        reader.TokenType, place + reader.TokenStartIndex,
                        reader.TokenType == JsonTokenType.String ? reader.GetString() : null);
                else
                    _next = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals(key);
            }

            _state = reader.CurrentState;
            return (int)reader.BytesConsumed;
        }
    }
}
