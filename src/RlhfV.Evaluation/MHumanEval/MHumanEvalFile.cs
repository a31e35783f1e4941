using System.Text.Json;
using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>Reads responses in which people marked the hallucinated segments.</summary>
public static class MHumanEvalFile
{
    /// <summary>
    /// Reads <c>{"sample_id", "source", "response", "segments": [{"start", "end", "types"}]}</c>, as JSON lines or an array; places are
    /// counted in characters (Unicode code points), the end is exclusive.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no record at all that can be read.</exception>
    public static RecordFile<ResponseAssessment> Read(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> problems);
        var responses = new List<ResponseAssessment>(records.Count);
        foreach (JsonRecord record in records)
        {
            if (Response(record, problems) is { } response)
            {
                responses.Add(response);
            }
        }

        return new(path, responses, problems);
    }

    /// <summary>
    /// Reads corrected answers from a file in any format of <see cref="PreferenceFile"/>, such as the export of the annotation pages: what was
    /// replaced or removed in the rejected answer is what was hallucinated (<see cref="MHumanEval.FromCorrections"/>).
    /// </summary>
    /// <param name="path">The file; pictures that it names are looked up beside it.</param>
    /// <returns>The rejected answers; rows that cannot be read, or whose picture is missing, are left out and reported.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="PreferenceDataException">The file is in no known format.</exception>
    public static RecordFile<ResponseAssessment> ReadCorrections(string path)
    {
        var problems = new List<EvaluationDiagnostic>();
        var options = new PreferenceReadOptions
        {
            Images = ImageLoading.Path,
            OnBadRow = problem => problems.Add(new(
                DiagnosticCode.MalformedRecord, $"{Path.GetFileName(problem.File)}:{problem.Row}", $"{problem.Reason} The row was left out.")),
        };
        return new(path, MHumanEval.FromCorrections(PreferenceFile.Read(path, options)), problems);
    }

    private static ResponseAssessment? Response(JsonRecord record, List<EvaluationDiagnostic> diagnostics)
    {
        if (record.Value.IdOf("sample_id") is not { } id || record.Value.TextOf("response") is not { } text
            || !record.Value.TryGetProperty("segments", out JsonElement segments) || segments.ValueKind != JsonValueKind.Array)
        {
            diagnostics.Add(new(
                DiagnosticCode.MalformedRecord, record.Place,
                "Expected 'sample_id', 'response' and a list 'segments'; the record was left out."));
            return null;
        }

        int[] places = CodePointPlaces(text);
        var marked = new List<HallucinatedSegment>();
        foreach (JsonElement segment in segments.EnumerateArray())
        {
            if (!TryRead(segment, places, out HallucinatedSegment? read))
            {
                diagnostics.Add(new(
                    DiagnosticCode.MalformedRecord, record.Place,
                    $"Expected a segment with 'start' below 'end' inside the {places.Length - 1} characters and at least one type, " +
                    $"found {JsonText.Quote(segment)}; " +
                    "the response was left out."));
                return null;
            }

            marked.Add(read);
        }

        return new()
        {
            Id = id,
            Prompt = record.Value.TextOf("prompt") ?? record.Value.TextOf("question") ?? "",
            Response = text,
            Source = record.Value.TextOf("source"),
            Segments = marked,
        };
    }

    private static bool TryRead(
        JsonElement segment, int[] places, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out HallucinatedSegment? read)
    {
        read = null;
        if (segment.ValueKind != JsonValueKind.Object || !segment.TryGetProperty("start", out JsonElement from)
            || from.ValueKind != JsonValueKind.Number || !from.TryGetInt32(out int start)
            || !segment.TryGetProperty("end", out JsonElement to) || to.ValueKind != JsonValueKind.Number
            || !to.TryGetInt32(out int end)
            || !segment.TryGetProperty("types", out JsonElement types) || types.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        HallucinationType[] codes =
        [
            .. types.EnumerateArray().Where(type => type.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(JsonText.Of(type)))
                .Select(type => new HallucinationType(JsonText.Of(type))),
        ];
        if (start < 0 || end <= start || end >= places.Length || codes.Length == 0)
        {
            return false;
        }

        read = new(new TextSpan(places[start], places[end] - places[start]), codes);
        return true;
    }

    /// <summary>Place of every code point in UTF-16 units, and of the end of the text.</summary>
    private static int[] CodePointPlaces(string text)
    {
        var places = new List<int>(text.Length + 1);
        for (int i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            places.Add(i);
        }

        places.Add(text.Length);
        return [.. places];
    }
}
