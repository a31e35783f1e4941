using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfV.Training.Runs;

/// <summary>
/// What decides a run's result: starting weights, encoded data, options. Options that only say where and how often things are kept are no
/// part of it.
/// </summary>
internal sealed class RunIdentity
{
    private const string FileName = "run.json";
    private static readonly string[] Bookkeeping =
        [nameof(TrainingOptions.RunFolder), nameof(TrainingOptions.CheckpointSteps), nameof(TrainingOptions.KeptCheckpoints)];

    private readonly JsonObject _json;

    public RunIdentity(string modelHash, string dataHash, TrainingOptions options)
    {
        JsonObject settings = JsonSerializer.SerializeToNode(options, options.GetType(), RunJson.Options)!.AsObject();
        foreach (string name in Bookkeeping)
        {
            settings.Remove(JsonNamingPolicy.CamelCase.ConvertName(name));
        }

        _json = new JsonObject
        {
            ["format"] = 1,
            ["kind"] = options.GetType().Name,
            ["startingWeights"] = modelHash,
            ["data"] = dataHash,
            ["options"] = settings,
        };
    }

    /// <summary>Writes the identity into a new run's folder, or compares it with that of the run which lies there.</summary>
    /// <exception cref="ArgumentException">The folder holds another run; the message says what differs.</exception>
    public void ClaimOrCompare(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            RunJson.Write(file, JsonSerializer.SerializeToUtf8Bytes(_json, RunJson.Indented));
            return;
        }

        JsonObject there = Read(file);
        string[] differences = [.. Differences(there, _json)];
        if (differences.Length > 0)
        {
            throw new ArgumentException(
                $"The run folder '{folder}' holds another run. Different are {string.Join("; ", differences)}. "
                + (JsonNode.DeepEquals(there["startingWeights"], _json["startingWeights"])
                    ? "" : "Its model began with other weights: to continue load the model again as it was at the start. ")
                + "Continue with what the folder was made with, or name a new folder.", nameof(TrainingOptions.RunFolder));
        }
    }

    private static JsonObject Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject ?? throw new JsonException("It holds no JSON object.");
        }
        catch (JsonException e)
        {
            throw new ArgumentException(
                $"'{file}' says which run the folder holds, and cannot be read: {e.Message} Name a new folder, or remove this one to begin anew.",
                nameof(TrainingOptions.RunFolder), e);
        }
    }

    private static IEnumerable<string> Differences(JsonObject there, JsonObject here)
    {
        foreach (string name in there.Select(p => p.Key).Union(here.Select(p => p.Key)))
        {
            (JsonNode? old, JsonNode? now) = (there[name], here[name]);
            if (old is JsonObject oldPart && now is JsonObject nowPart)
            {
                foreach (string inside in Differences(oldPart, nowPart))
                {
                    yield return inside;
                }
            }
            else if (!JsonNode.DeepEquals(old, now))
            {
                yield return $"{name}: {old?.ToJsonString() ?? "nothing"} there, {now?.ToJsonString() ?? "nothing"} here";
            }
        }
    }
}
