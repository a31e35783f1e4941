namespace RlhfV.Evaluation;

/// <summary>Reads review files: JSON lines of <c>{"question_id", "category", "content"}</c>.</summary>
public static class LlavaBenchFile
{
    /// <summary>Reads reviews.</summary>
    /// <param name="path">The reviews.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A record lacks a field.</exception>
    public static IReadOnlyList<LlavaBenchReview> ReadReviews(string path) =>
    [
        .. JsonRecords.Read(path, out _).Select(record => new LlavaBenchReview(
            record.Value.IdOf("question_id") ?? throw new InvalidDataException($"{record.Place}: a review has no 'question_id'."),
            record.Value.TextOf("category") ?? throw new InvalidDataException($"{record.Place}: a review has no 'category'."),
            record.Value.TextOf("content") ?? "")),
    ];
}
