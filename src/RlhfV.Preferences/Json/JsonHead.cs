using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>Looks at the first object of a JSON file to recognise its format.</summary>
internal static class JsonHead
{
    /// <summary>A first object longer than this, pictures included, is recognised by what stands before.</summary>
    private const int MaximumBytes = 64 * 1024 * 1024;

    /// <summary>
    /// The top keys of the first object of a file, with the kind of their values' first tokens. Null when the file begins neither with an
    /// object nor with a list.
    /// </summary>
    public static IReadOnlyDictionary<string, JsonTokenType>? Read(PreferenceFileHead head)
    {
        if (head.FirstCharacter is not ((byte)'{' or (byte)'['))
            return null;

        var keys = new Dictionary<string, JsonTokenType>();
        ReadOnlyMemory<byte> start = head.Start;
        while (!TryRead(start.Span, head.FirstCharacter == (byte)'[' ? 2 : 1, keys) && start.Length < MaximumBytes)
        {
            // A picture in base64 may stand before the keys that tell the format.
            int known = start.Length;
            start = head.ReadStart(known * 4);
            if (start.Length == known)
                break;
        }

        return keys;
    }

    /// <summary>Adds the keys of the first object as far as the bytes reach. True when it ends there, or is damaged.</summary>
    private static bool TryRead(ReadOnlySpan<byte> bytes, int depth, Dictionary<string, JsonTokenType> keys)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            string? key = null;
            while (reader.Read())
            {
                if (key is not null)
                {
                    keys[key] = reader.TokenType;
                    key = null;
                }

                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == depth)
                    key = reader.GetString();
                else if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth - 1)
                    return true;
            }

            return false;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // What came before the damage may still name the format; its reader then reports the damage with its place.
            return true;
        }
    }
}
