namespace RlhfV.Evaluation;

/// <summary>Reads review files: JSON lines of <c>{"question_id", "category", "content"}</c>.</summary>
public static class LlavaBenchFile
{
    /// <summary>Reads reviews; records without a question are left out and reported, those without a category only reported.</summary>
    /// <param name="path">The reviews.</param>
    /// <returns>The reviews; one without a text is empty, and the benchmark reports it as unreadable.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no record at all that can be read.</exception>
    public static RecordFile<LlavaBenchReview> ReadReviews(string path)
    {
        List<JsonRecord> records = JsonRecords.Read(path, out List<EvaluationDiagnostic> diagnostics);
        var reviews = new List<LlavaBenchReview>(records.Count);
        foreach (JsonRecord record in records)
        {
            if (record.Value.IdOf("question_id") is not { } id)
            {
                diagnostics.Add(new(DiagnosticCode.AnswerWithoutId, record.Place, "No 'question_id'; the review was left out."));
            }
            else
            {
                string category = record.Value.TextOf("category") ?? "";
                if (category.Length == 0)
                {
                    diagnostics.Add(new(
                        DiagnosticCode.MalformedRecord, record.Place,
                        $"The review of question {id} has no 'category'; it counts in the overall figures alone."));
                }

                reviews.Add(new(id, category, record.Value.TextOf("content") ?? ""));
            }
        }

        return new(path, reviews, diagnostics);
    }
}
