using System.Globalization;
using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>
/// What a candidate model must hold against the one in use. Shares and their changes are from 0 to 1; a limit that is null is not checked.
/// Stored as JSON with these names in camel case.
/// </summary>
public sealed record GateThresholds
{
    /// <summary>The highest share of responses with a hallucination.</summary>
    public double? MaxResponseRate { get; init; }

    /// <summary>The highest share of hallucinated mentions.</summary>
    public double? MaxMentionRate { get; init; }

    /// <summary>The lowest object recall.</summary>
    public double? MinRecall { get; init; }

    /// <summary>How much the share of responses with a hallucination may rise.</summary>
    public double? MaxResponseRateIncrease { get; init; }

    /// <summary>How much the share of hallucinated mentions may rise.</summary>
    public double? MaxMentionRateIncrease { get; init; }

    /// <summary>How much the share of responses with a hallucination of any one type may rise.</summary>
    public double? MaxTypeRateIncrease { get; init; }

    /// <summary>How much the share of responses with a hallucination may rise in any one scene.</summary>
    public double? MaxSceneRateIncrease { get; init; }

    /// <summary>How much the object recall may fall.</summary>
    public double? MaxRecallDrop { get; init; }

    /// <summary>
    /// When true, a rise or fall beyond its limit counts only if its paired interval leaves zero out, so that chance alone does not stop a
    /// release. Absolute limits always count.
    /// </summary>
    /// <value>The default is true.</value>
    public bool OnlySignificant { get; init; } = true;

    /// <summary>The fewest items to decide on; fewer fail the gate.</summary>
    /// <value>The default is 1.</value>
    public int MinItems { get; init; } = 1;

    /// <summary>Reads thresholds.</summary>
    /// <param name="path">A JSON file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no JSON object, has a name that is no threshold, a limit that is no share, or holds none.</exception>
    public static GateThresholds Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file of thresholds '{path}'.", path);
        }

        try
        {
            string text = File.ReadAllText(path);
            RequireThresholds(text);
            GateThresholds thresholds = JsonSerializer.Deserialize(text, GateJson.Default.GateFile)!.ToThresholds();
            thresholds.Validate(null);
            return thresholds.IsEmpty
                ? throw new InvalidDataException(
                    $"{path} sets no limit, so nothing could fail; set at least one, for example maxResponseRateIncrease.")
                : thresholds;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Says what is wrong with a file's names and kinds in its own words, where the serializer speaks of types.</summary>
    /// <exception cref="JsonException">The text is no object of thresholds.</exception>
    private static void RequireThresholds(string text)
    {
        JsonSerializerOptions options = GateJson.Default.Options;
        using JsonDocument document = JsonDocument.Parse(
            text, new JsonDocumentOptions { CommentHandling = options.ReadCommentHandling, AllowTrailingCommas = options.AllowTrailingCommas });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"found {document.RootElement.GetRawText()}, expected an object of thresholds.");
        }

        Dictionary<string, Type> known = GateJson.Default.GateFile.Properties.ToDictionary(property => property.Name, property => property.PropertyType);
        var seen = new HashSet<string>();
        foreach (JsonProperty threshold in document.RootElement.EnumerateObject())
        {
            if (!known.TryGetValue(threshold.Name, out Type? type))
            {
                throw new JsonException($"'{threshold.Name}' is no threshold; there are {string.Join(", ", known.Keys)}.");
            }

            if (!seen.Add(threshold.Name))
            {
                throw new JsonException($"'{threshold.Name}' stands there twice; which one is meant?");
            }

            bool fits = type == typeof(bool) ? threshold.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                : type == typeof(int) ? threshold.Value.ValueKind == JsonValueKind.Number && threshold.Value.TryGetInt32(out _)
                : threshold.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null;
            if (!fits)
            {
                string expected = type == typeof(bool) ? "true or false" : type == typeof(int) ? "a whole number" : "a number";
                throw new JsonException($"'{threshold.Name}' is {threshold.Value.GetRawText()}, expected {expected}.");
            }
        }
    }

    /// <summary>A limit that nothing can break would be a gate that stands open.</summary>
    /// <exception cref="ArgumentException">A limit is no share, or the fewest items are not one or more; the message lists all.</exception>
    internal void Validate(string? parameterName)
    {
        (string Name, double? Limit)[] shares =
        [
            (nameof(MaxResponseRate), MaxResponseRate), (nameof(MaxMentionRate), MaxMentionRate), (nameof(MinRecall), MinRecall),
            (nameof(MaxResponseRateIncrease), MaxResponseRateIncrease), (nameof(MaxMentionRateIncrease), MaxMentionRateIncrease),
            (nameof(MaxTypeRateIncrease), MaxTypeRateIncrease), (nameof(MaxSceneRateIncrease), MaxSceneRateIncrease),
            (nameof(MaxRecallDrop), MaxRecallDrop),
        ];
        string[] problems =
        [
            .. shares.Where(share => share.Limit is not (null or >= 0 and <= 1)).Select(share => string.Create(
                CultureInfo.InvariantCulture,
                $"{share.Name} is {share.Limit}, expected a share from 0 to 1, so 0.02 for two points")),
            .. MinItems < 1 ? [string.Create(CultureInfo.InvariantCulture, $"{nameof(MinItems)} is {MinItems}, expected 1 or more")] : (string[])[],
        ];
        if (problems.Length > 0)
        {
            throw new ArgumentException(string.Join("; ", problems) + ".", parameterName);
        }
    }

    private bool IsEmpty => MaxResponseRate is null && MaxMentionRate is null && MinRecall is null && MaxResponseRateIncrease is null
        && MaxMentionRateIncrease is null && MaxTypeRateIncrease is null && MaxSceneRateIncrease is null && MaxRecallDrop is null;
}
