using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RlhfV.Evaluation;

/// <summary>
/// The text of JSON strings, of broken ones too. Tools cut answers in the middle of an emoji and write half of it (<c>"\ud83d"</c>), which the
/// framework refuses to read: the half becomes U+FFFD, as everywhere where text is decoded, and the rest of the answer is kept.
/// </summary>
internal static partial class JsonText
{
    /// <summary>
    /// Parses a text. Scripts write <c>NaN</c> and <c>Infinity</c> where a number is missing, which is no JSON: they are read as null.
    /// </summary>
    /// <exception cref="JsonException">The text is no JSON for another reason.</exception>
    public static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException) when (json.Contains("NaN", StringComparison.Ordinal) || json.Contains("Infinity", StringComparison.Ordinal))
        {
            return JsonDocument.Parse(StringOrNoNumber().Replace(json, match => match.Value[0] == '"' ? match.Value : "null"));
        }
    }

    /// <summary>Parses a file as <see cref="Parse(string)"/> parses a text.</summary>
    /// <exception cref="JsonException">The file is no JSON.</exception>
    public static JsonDocument ParseFile(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonDocument.Parse(file);
        }
        catch (JsonException)
        {
            return Parse(File.ReadAllText(path));
        }
    }

    /// <summary>The text of a string.</summary>
    public static string Of(JsonElement text)
    {
        try
        {
            return text.GetString()!; // The callers ask for strings only.
        }
        catch (InvalidOperationException)
        {
            string raw = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(text));
            using JsonDocument mended = JsonDocument.Parse(WithoutHalves(raw));
            return mended.RootElement.GetString()!;
        }
    }

    /// <summary>A value as it stands in the file, shortened, for a message.</summary>
    public static string Quote(JsonElement value)
    {
        const int Most = 100;
        string raw = Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value));
        return raw.Length <= Most ? raw : raw[..Most] + "..";
    }

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|-?\b(?:NaN|Infinity)\b", RegexOptions.Singleline)]
    private static partial Regex StringOrNoNumber();

    /// <summary>The JSON string with U+FFFD for each escaped half of a pair.</summary>
    private static string WithoutHalves(string raw)
    {
        var mended = new StringBuilder(raw.Length);
        for (int i = 0; i < raw.Length;)
        {
            if (Unit(raw, i) is { } high && char.IsHighSurrogate(high) && Unit(raw, i + 6) is { } low && char.IsLowSurrogate(low))
            {
                mended.Append(raw, i, 12);
                i += 12;
            }
            else if (Unit(raw, i) is { } unit && char.IsSurrogate(unit))
            {
                mended.Append('\uFFFD');
                i += 6;
            }
            else
            {
                int length = raw[i] == '\\' ? 2 : 1; // An escaped backslash must not begin the next escape.
                mended.Append(raw, i, length);
                i += length;
            }
        }

        return mended.ToString();
    }

    /// <summary>The UTF-16 unit that is escaped at a place, or null.</summary>
    private static char? Unit(string raw, int at) =>
        at + 6 <= raw.Length && raw[at] == '\\' && raw[at + 1] == 'u'
        && ushort.TryParse(raw.AsSpan(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort unit) ? (char)unit : null;
}
