using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>Reads AMBER's answer files: a JSON array of <c>{"id", "response"}</c>.</summary>
public static class AmberFile
{
    /// <summary>
    /// Reads answers; records without a number or a response are left out and reported by <see cref="Amber.Score"/> as missing.
    /// </summary>
    /// <param name="path">The answers.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<AmberAnswer> ReadAnswers(string path) =>
    [
        .. JsonRecords.Read(path, out _)
            .Where(record => record.Value.TryGetProperty("id", out JsonElement id) && id.TryGetInt32(out _)
            && record.Value.TextOf("response") is not null)
            .Select(record => new AmberAnswer(record.Value.GetProperty("id").GetInt32(), record.Value.TextOf("response")!)),
    ];
}
