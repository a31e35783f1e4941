using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfV.Models.Checkpoints;

namespace RlhfV.Models.Architectures.Llava;

/// <summary>
/// Finds the vision tower of a checkpoint in LLaVA's original layout: its sizes, which the checkpoint's own configuration does not give, and
/// its weights, which it may not hold.
/// </summary>
internal static class LlavaVisionTower
{
    private const string Key = "mm_vision_tower";
    private const string Sizes = "vision_config";

    /// <summary>Adds the tower's sizes to the configuration and finds its weights.</summary>
    public static ModelParts Gather(ModelParts parts, VisionLanguageModelOptions options)
    {
        string name = parts.Config.Text(Key, string.Empty);
        string[] places = options.VisionTowerFolder is { } given ? [given] : [.. Places(parts.Folder, name)];
        string? folder = Array.Find(places, place => File.Exists(Path.Combine(place, "config.json")));
        bool apart = IsApart(parts.Folder);
        if (folder is null && (apart || options.VisionTowerFolder is not null))
        {
            throw new DirectoryNotFoundException(
                $"'{parts.Folder}' keeps its vision tower '{name}' apart; found it in none of {string.Join(", ", places.Select(p => $"'{p}'"))}; "
                + "expected a folder with its config.json and weights. Download it, and put it there or name its folder in "
                + $"{nameof(options.VisionTowerFolder)}.");
        }

        return parts with
        {
            Config = parts.Config.Has(Sizes) ? parts.Config : WithSizes(parts.Config, folder is null ? Known(name, parts) : SizesIn(folder)),
            TowerFolder = folder,
            TowerWeightsApart = apart,
        };
    }

    /// <summary>Name in the network of a tensor in the tower's own download, a whole CLIP model; null for its text half and projections.</summary>
    /// <returns>Other names as they are.</returns>
    public static string? NetworkName(string stored) =>
        stored.StartsWith("vision_model.", StringComparison.Ordinal) ? $"vision_tower.{stored}"
        : stored.StartsWith("text_model.", StringComparison.Ordinal) || stored is "logit_scale" or "text_projection.weight" or "visual_projection.weight" ? null
        : stored;

    // Where the weights are not there, the sizes may still be asked for.
    private static bool IsApart(string folder)
    {
        if (!CheckpointFormats.IsIn(folder))
            return false;
        using TensorSource own = TensorSource.Open(folder);
        return !own.Tensors.Keys.Any(key => key.StartsWith("model.vision_tower.", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Places(string folder, string name)
    {
        if (name.Length == 0)
        {
            yield break;
        }

        string last = name.Split('/', '\\')[^1];
        yield return Path.GetFullPath(name, Path.GetFullPath(folder)); // a path, absolute or from the model's folder
        yield return Path.GetFullPath(last, Path.GetFullPath(folder));
        yield return Path.GetFullPath(Path.Combine("..", last), Path.GetFullPath(folder));
    }

    private static JsonElement SizesIn(string folder)
    {
        ConfigReader config = ConfigReader.Open(Path.Combine(folder, "config.json"));
        return config.Has(Sizes) ? config.Object(Sizes).Json : config.Json;
    }

    private static JsonElement Known(string name, ModelParts parts)
    {
        ClipVisionConfig sizes = name.Split('/')[^1] switch
        {
            "clip-vit-large-patch14-336" => ClipVisionConfig.ViTLarge14At336,
            "clip-vit-large-patch14" => ClipVisionConfig.ViTLarge14,
            _ => throw new ModelFormatException(
                $"{parts.Config.Where}: the sizes of the vision tower '{name}' are not known. Name the folder of its download in "
                + $"{nameof(VisionLanguageModelOptions)}.{nameof(VisionLanguageModelOptions.VisionTowerFolder)}."),
        };
        return sizes.ToJson();
    }

    private static ConfigReader WithSizes(ConfigReader config, JsonElement sizes)
    {
        var json = (JsonObject)JsonNode.Parse(config.Json.GetRawText())!;
        json[Sizes] = JsonNode.Parse(sizes.GetRawText());
        return new ConfigReader(JsonSerializer.SerializeToElement(json), config.Where);
    }
}
