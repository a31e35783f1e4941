using System.Globalization;
using System.Text.Json;
using RlhfV.Goldens;

namespace RlhfV.Evaluation.Tests;

/// <summary>Stored expectations of the evaluation's reference scripts.</summary>
internal static class GoldenJson
{
    /// <summary>
    /// True for the expectations in the repository. Others of the same layout hold other cases: what is exact holds for them as well, shares
    /// that depend on the cases do not.
    /// </summary>
    public static bool IsOwn => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(GoldenData.EnvironmentVariable));

    /// <summary>Full path of a file below <c>eval</c>.</summary>
    public static string Path(params string[] parts) => GoldenData.Path(["eval", .. parts]);

    public static JsonElement Read(params string[] parts)
    {
        using FileStream stream = File.OpenRead(Path(parts));
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    public static string[] Strings(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>A number, or one that JSON cannot hold: <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.</summary>
    public static double Figure(this JsonElement value) => value.ValueKind == JsonValueKind.String
        ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();

    /// <summary>True where the published script stopped instead of giving a value.</summary>
    public static bool IsOfficialError(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("official_error", out _);

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
