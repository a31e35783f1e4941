using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>Looks at the first object of a JSON file to recognise its format.</summary>
internal static class JsonHead
{
    /// <summary>
    /// The top keys of the first object of a file, with the kind of their values' first tokens, as far as the head of the file reaches.
    /// Null when the file begins neither with an object nor with a list.
    /// </summary>
    public static IReadOnlyDictionary<string, JsonTokenType>? Read(PreferenceFileHead head)
    {
        if (head.FirstCharacter is not ((byte)'{' or (byte)'['))
            return null;

        var keys = new Dictionary<string, JsonTokenType>();
        var reader = new Utf8JsonReader(head.Start.Span, isFinalBlock: false, default);
        try
        {
            int depth = head.FirstCharacter == (byte)'[' ? 2 : 1;
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
                    break;
            }

            // A long value, such as a picture in base64, may fill the head: its key is known all the same.
            if (key is not null)
                keys.TryAdd(key, JsonTokenType.None);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // What came before the damage may still name the format; its reader then reports the damage with its place.
        }

        return keys;
    }
}
