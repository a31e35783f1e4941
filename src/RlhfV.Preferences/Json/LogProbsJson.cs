using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// The reference code's list of six: sum, mean and per-token log-probabilities of the chosen answer, then of the rejected one.
/// </summary>
internal static class LogProbsJson
{
    private const int Length = 6;

    public static void Write(Utf8JsonWriter writer, ReferenceLogProbs logProbs)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(logProbs.ChosenSum);
        writer.WriteNumberValue(logProbs.ChosenMean);
        WriteList(writer, logProbs.ChosenPerToken);
        writer.WriteNumberValue(logProbs.RejectedSum);
        writer.WriteNumberValue(logProbs.RejectedMean);
        WriteList(writer, logProbs.RejectedPerToken);
        writer.WriteEndArray();
    }

    /// <summary>The object <c>{"logps": [..]}</c> that RLAIF-V stores in a column.</summary>
    public static string WriteObject(ReferenceLogProbs logProbs) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName("logps");
        Write(writer, logProbs);
        writer.WriteEndObject();
    });

    /// <summary>Reads the list, bare or as an object, from its text.</summary>
    /// <exception cref="JsonException">It is no such list.</exception>
    public static ReferenceLogProbs Read(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return Read(document.RootElement);
    }

    /// <summary>Reads the list, bare or as the object <c>{"logps": [..]}</c> that RLAIF-V stores.</summary>
    /// <exception cref="JsonException">It is no such list.</exception>
    public static ReferenceLogProbs Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("logps", out JsonElement inner))
            element = inner;
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != Length)
            throw new JsonException($"'logps' is no list of {Length}: sum, mean and per-token list of chosen, then of rejected.");
        return new ReferenceLogProbs
        {
            ChosenSum = ReadNumber(element[0]),
            ChosenMean = ReadNumber(element[1]),
            ChosenPerToken = ReadList(element[2]),
            RejectedSum = ReadNumber(element[3]),
            RejectedMean = ReadNumber(element[4]),
            RejectedPerToken = ReadList(element[5]),
        };
    }

    private static void WriteList(Utf8JsonWriter writer, IReadOnlyList<double> values)
    {
        writer.WriteStartArray();
        foreach (double value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }

    private static double[] ReadList(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().Select(ReadNumber)]
            : throw new JsonException($"'logps' holds a {element.ValueKind} where a list of numbers belongs.");

    private static double ReadNumber(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw new JsonException($"'logps' holds {element.GetRawText()} where a finite number belongs.");
}
