using System.Text.Json.Nodes;
using RlhfV.Goldens;

namespace RlhfV.Models.Tests.Architectures.Qwen25Vl;

/// <summary>The tiny random-weight Qwen2.5-VL of the goldens.</summary>
internal static class TinyQwen
{
    private static readonly string[] Outer =
        ["architectures", "model_type", "torch_dtype", "image_token_id", "video_token_id", "vision_start_token_id", "vision_end_token_id", "vision_config"];

    public static string Folder => GoldenData.Path("hf", "qwen25vl", "checkpoint");

    public static VisionLanguageModel Load() => VisionLanguageModel.Load(Folder);

    public static ImageSource Picture(string file) => ImageSource.FromFile(GoldenData.Path("hf", "images", file));

    public static JsonObject Config() => (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "config.json")))!;

    /// <summary>The layout that transformers writes since release 4.52: the decoder's keys in <c>text_config</c>.</summary>
    public static JsonObject Nested(JsonObject flat)
    {
        var nested = new JsonObject();
        var text = new JsonObject { ["model_type"] = "qwen2_5_vl_text" };
        foreach ((string key, JsonNode? value) in flat)
        {
            (Outer.Contains(key) ? nested : text)[key] = value?.DeepClone();
        }

        nested["text_config"] = text;
        return nested;
    }
}
