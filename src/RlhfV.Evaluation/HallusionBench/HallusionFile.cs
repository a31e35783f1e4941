using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>Reads the judged answers that HallusionBench's script writes: a JSON array, or JSON lines.</summary>
public static class HallusionFile
{
    /// <summary>
    /// Reads <c>{"category", "subcategory", "visual_input", "set_id", "figure_id", "question_id", "gt_answer", "same"}</c> and the verdict;
    /// numbers may be written as strings. <c>gt_answer</c> and <c>same</c> may be absent.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="verdictKey">Key of the judge's verdict: 0 wrong, 1 right, 2 unclear.</param>
    /// <returns>The records; those that lack something are left out and reported.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no record at all that can be read.</exception>
    public static RecordFile<HallusionRecord> Read(string path, string verdictKey = "gpt4v_output_gpt_check")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(verdictKey);
        List<JsonRecord> file = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        var records = new List<HallusionRecord>(file.Count);
        foreach (JsonRecord record in file)
        {
            if (Problem(record.Value, verdictKey) is { } problem)
            {
                diagnostics.Add(new(DiagnosticCode.MalformedRecord, record.Place, $"{problem}; the record was left out."));
                continue;
            }

            records.Add(new()
            {
                Category = record.Value.IdOf("category")!, // Each of these was found present above.
                Subcategory = record.Value.IdOf("subcategory")!,
                VisualInput = record.Value.IdOf("visual_input")!,
                Set = record.Value.IdOf("set_id")!,
                Figure = record.Value.IdOf("figure_id")!,
                Question = record.Value.IdOf("question_id")!,
                Verdict = Verdict(record.Value.IdOf(verdictKey))!.Value,
                TrueAnswer = Flag(record.Value.IdOf("gt_answer")),
                SameAsOriginal = Flag(record.Value.IdOf("same")),
            });
        }

        return new(path, records, diagnostics);
    }

    private static string? Problem(JsonElement record, string verdictKey)
    {
        string[] keys = ["category", "subcategory", "visual_input", "set_id", "figure_id", "question_id"];
        if (Array.Find(keys, key => record.IdOf(key) is null) is { } missing)
        {
            return $"No '{missing}'";
        }

        if (record.IdOf("category") is not ("VD" or "VS"))
        {
            return $"The category is '{record.IdOf("category")}', expected VD or VS";
        }

        if (record.IdOf("visual_input") is not ("0" or "1" or "2"))
        {
            return $"'visual_input' is '{record.IdOf("visual_input")}', expected 0, 1 or 2";
        }

        return Verdict(record.IdOf(verdictKey)) is null
            ? $"'{verdictKey}' is '{record.IdOf(verdictKey)}', expected the judge's verdict 0, 1 or 2" : null;
    }

    private static HallusionVerdict? Verdict(string? text) => text switch
    {
        "0" => HallusionVerdict.Wrong,
        "1" => HallusionVerdict.Right,
        "2" => HallusionVerdict.Unclear,
        _ => null,
    };

    private static bool? Flag(string? text) => text switch { "1" => true, "0" => false, _ => null };
}
