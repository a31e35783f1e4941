using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>The answer normalisation of VQA (Antol et al., ICCV 2015; official evaluation code).</summary>
public static class VqaNormalizer
{
    /// <summary>The official code deletes so many periods and no more: it passes a flag where the count belongs.</summary>
    private const int PeriodsDeleted = 32;

    private static readonly Lazy<Tables> LazyTables = new(() => new());

    /// <summary>Both steps of the official evaluation: punctuation, then words.</summary>
    /// <param name="answer">The answer.</param>
    public static string Normalize(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Words(Punctuation(Strip(answer)));
    }

    /// <summary>
    /// What is applied before answers are sent to the evaluation server: lower case, no commas and question marks, <c>'s</c> apart, then
    /// both steps.
    /// </summary>
    /// <param name="answer">The answer.</param>
    public static string NormalizeForSubmission(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string prepared = ScriptText.Lower(answer).Replace(",", "", StringComparison.Ordinal).Replace("?", "", StringComparison.Ordinal)
            .Replace("'s", " 's", StringComparison.Ordinal);
        return Normalize(prepared);
    }

    /// <summary>Line breaks and tabs to blanks, then trimmed.</summary>
    internal static string Strip(string answer) => ScriptText.Trim(answer.Replace('\n', ' ').Replace('\t', ' '));

    /// <summary>
    /// Each mark goes if the text has it beside a blank, or digits joined by a comma anywhere; else it becomes a blank. Then periods that
    /// no digit follows go.
    /// </summary>
    internal static string Punctuation(string text)
    {
        bool groupedDigits = HasGroupedDigits(text);
        string result = text;
        foreach (string mark in LazyTables.Value.Marks)
        {
            bool deleted = groupedDigits || text.Contains(mark + " ", StringComparison.Ordinal)
                || text.Contains(" " + mark, StringComparison.Ordinal);
            result = result.Replace(mark, deleted ? "" : " ", StringComparison.Ordinal);
        }

        return WithoutLonePeriods(result);
    }

    /// <summary>Lower case, number words to digits, articles dropped, missing apostrophes restored.</summary>
    internal static string Words(string text)
    {
        Tables tables = LazyTables.Value;
        IEnumerable<string> words = ScriptText.Words(ScriptText.Lower(text))
            .Select(word => tables.Numbers.GetValueOrDefault(word, word))
            .Where(word => !tables.Articles.Contains(word))
            .Select(word => tables.Contractions.GetValueOrDefault(word, word));
        return string.Join(' ', words);
    }

    /// <summary>True when a comma stands between two digits, those of other scripts included.</summary>
    private static bool HasGroupedDigits(string text)
    {
        for (int at = text.IndexOf(','); at >= 0; at = text.IndexOf(',', at + 1))
        {
            if (ScriptText.IsDigitBefore(text, at) && at + 1 < text.Length && ScriptText.IsDigitAt(text, at + 1))
            {
                return true;
            }
        }

        return false;
    }

    private static string WithoutLonePeriods(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (int i = 0, deleted = 0; i < text.Length; i++)
        {
            if (text[i] == '.' && deleted < PeriodsDeleted && !(i + 1 < text.Length && ScriptText.IsDigitAt(text, i + 1)))
            {
                deleted++;
            }
            else
            {
                kept.Append(text[i]);
            }
        }

        return kept.ToString();
    }

    /// <summary>The official word tables.</summary>
    private sealed class Tables
    {
        public Tables()
        {
            using JsonDocument document = JsonDocument.Parse(EmbeddedData.ReadText("vqa-normalisation.json"));
            JsonElement root = document.RootElement;
            Marks = List("punctuation");
            Articles = List("articles").ToFrozenSet(StringComparer.Ordinal);
            Numbers = Map("numbers");
            Contractions = Map("contractions");

            string[] List(string name) => [.. root.GetProperty(name).EnumerateArray().Select(word => word.GetString()!)];
            FrozenDictionary<string, string> Map(string name) => root.GetProperty(name).EnumerateObject()
                .ToFrozenDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
        }

        public string[] Marks { get; }

        public FrozenSet<string> Articles { get; }

        public FrozenDictionary<string, string> Numbers { get; }

        public FrozenDictionary<string, string> Contractions { get; }
    }
}
