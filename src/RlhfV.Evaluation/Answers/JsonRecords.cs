using System.Globalization;
using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>Reads the two layouts in which the field keeps records: JSON lines, and one JSON array.</summary>
internal static class JsonRecords
{
    private const double LargestExactWhole = 9007199254740992; // 2^53: above it neighbouring ids fall together.

    /// <summary>Reads all objects of a file; what is none is reported and skipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="diagnostics">What is no object.</param>
    /// <param name="keepPlaces">
    /// For files whose records are matched by position: what is none stays in its place as a record without a value, so that those behind it do
    /// not move up.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">Not a single record could be read from a file that is not empty.</exception>
    public static List<JsonRecord> Read(string path, out List<EvaluationDiagnostic> diagnostics, bool keepPlaces = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        }

        diagnostics = [];
        string name = Path.GetFileName(path);
        List<JsonRecord> records = IsArray(path) ? ReadArray(path, name, diagnostics)
            : ReadObject(path, name) ?? ReadLines(path, name, diagnostics);
        return records.Any(record => record.Value.ValueKind == JsonValueKind.Object) || diagnostics.Count == 0
            ? keepPlaces ? records : records.FindAll(record => record.Value.ValueKind == JsonValueKind.Object)
            : throw new InvalidDataException(
                $"{path} holds no JSON object, neither one per line nor in an array. {diagnostics[0].Message}");
    }

    /// <summary>The text of a property; null when it is absent or no string.</summary>
    public static string? TextOf(this JsonElement record, string name) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String ? JsonText.Of(value) : null;

    /// <summary>
    /// An identifier: a string, or a whole number as one writes it; <c>007</c>, 7 and the 7.0 of tools that keep ids in floating-point columns are
    /// the same id. Null when absent.
    /// </summary>
    public static string? IdOf(this JsonElement record, string name) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch
            {
                JsonValueKind.Number when value.TryGetInt64(out long number) => number.ToString(CultureInfo.InvariantCulture),
                JsonValueKind.Number when value.TryGetDouble(out double number) && double.IsInteger(number)
                    && Math.Abs(number) < LargestExactWhole => ((long)number).ToString(CultureInfo.InvariantCulture),
                JsonValueKind.String when JsonText.Of(value) is { Length: > 0 } text =>
                    long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                        ? number.ToString(CultureInfo.InvariantCulture) : text,
                _ => null,
            }
            : null;

    private static bool IsArray(string path)
    {
        using StreamReader reader = File.OpenText(path);
        int c;
        do
        {
            c = reader.Read();
        }
        while (c >= 0 && char.IsWhiteSpace((char)c));

        return c == '[';
    }

    private static List<JsonRecord> ReadLines(string path, string name, List<EvaluationDiagnostic> diagnostics)
    {
        var records = new List<JsonRecord>();
        foreach ((int index, string line) in File.ReadLines(path).Index())
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                Add(line, $"{name}:{index + 1}", records, diagnostics);
            }
        }

        return records;
    }

    /// <summary>
    /// The one object that is spread over all lines of the file; null when the first line is complete or there is no such object.
    /// </summary>
    private static List<JsonRecord>? ReadObject(string path, string name)
    {
        string? first = File.ReadLines(path).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line));
        if (first is null || !first.TrimStart().StartsWith('{') || first.TrimEnd().EndsWith('}'))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonText.ParseFile(path);
            return [new(document.RootElement.Clone(), name)];
        }
        catch (JsonException)
        {
            return null; // Lines then, and each that is broken is reported by its number.
        }
    }

    private static List<JsonRecord> ReadArray(string path, string name, List<EvaluationDiagnostic> diagnostics)
    {
        try
        {
            using JsonDocument document = JsonText.ParseFile(path);
            var records = new List<JsonRecord>(document.RootElement.GetArrayLength());
            foreach ((int index, JsonElement element) in document.RootElement.EnumerateArray().Index())
            {
                Add(element.Clone(), $"{name}[{index}]", records, diagnostics);
            }

            return records;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} begins as a JSON array but is none: {e.Message}", e);
        }
    }

    private static void Add(string line, string place, List<JsonRecord> records, List<EvaluationDiagnostic> diagnostics)
    {
        try
        {
            using JsonDocument document = JsonText.Parse(line);
            Add(document.RootElement.Clone(), place, records, diagnostics);
        }
        catch (JsonException e)
        {
            records.Add(new(default, place));
            diagnostics.Add(new(DiagnosticCode.MalformedRecord, place, $"Not JSON ({e.Message}); the line was left out."));
        }
    }

    private static void Add(JsonElement element, string place, List<JsonRecord> records, List<EvaluationDiagnostic> diagnostics)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            records.Add(new(element, place));
        }
        else
        {
            records.Add(new(default, place));
            diagnostics.Add(
                new(DiagnosticCode.MalformedRecord, place, $"Expected a JSON object, found {element.ValueKind}; it was left out."));
        }
    }
}
