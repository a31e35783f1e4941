using System.Globalization;
using System.Text;

namespace RlhfV.Evaluation;

/// <summary>
/// JSON as the published scripts write it (<c>indent=4, ensure_ascii=False</c>), so that files compare text by text. The framework's writer
/// escapes emoji and more, even where it is asked to relax.
/// </summary>
internal static class ScriptJson
{
    /// <summary>A string with quotes; only what JSON forbids inside of them is escaped.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Values between brackets, each on its own line; nothing between them when there is none.</summary>
    /// <param name="open">The first bracket.</param>
    /// <param name="values">The values as JSON, their later lines already indented.</param>
    /// <param name="close">The last bracket.</param>
    /// <param name="indent">Indentation of the values in blanks.</param>
    public static string Lines(char open, IEnumerable<string> values, char close, int indent)
    {
        const int Step = 4;
        string line = "\n" + new string(' ', indent);
        string all = string.Join("," + line, values);
        return all.Length == 0 ? $"{open}{close}" : $"{open}{line}{all}{line[..^Step]}{close}";
    }
}
