using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfV.Goldens;

/// <summary>
/// The tiny Muffin below <c>rlhfv/d_train</c> as a folder that can be loaded: the stored checkpoint has no tokenizer, and the sizes of its
/// tower, which the published name of a tower would tell, stand in <c>training.json</c>.
/// </summary>
public static class GoldenMuffin
{
    /// <summary>Whether the root holds a tiny Muffin.</summary>
    public static bool Present => GoldenData.Has("rlhfv", "d_train", "training.json");

    /// <summary>The sizes: <c>img</c>, <c>vdim</c>, <c>vheads</c>, <c>vlayers</c>, <c>queries</c>, <c>hidden</c>, <c>inter</c>, <c>layers</c>,
    /// <c>heads</c>, and the number of <c>pairs</c> in a batch.</summary>
    public static JsonElement Profile => ReadJson("training.json").GetProperty("profile");

    /// <summary>Reads a JSON file below <c>rlhfv/d_train</c>.</summary>
    /// <param name="file">The file's name.</param>
    public static JsonElement ReadJson(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("rlhfv", "d_train", file)));
        return document.RootElement.Clone();
    }

    /// <summary>Writes a loadable folder.</summary>
    /// <param name="target">An existing folder.</param>
    /// <param name="layout">Name of the stored checkpoint: <c>checkpoint</c> or <c>checkpoint_sharded</c>.</param>
    public static void CopyTo(string target, string layout = "checkpoint")
    {
        Copy(GoldenData.Path("rlhfv", "tokenizer"), target);
        Copy(GoldenData.Path("rlhfv", "d_train", layout), target);
        string file = System.IO.Path.Combine(target, "config.json");
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(file))!;
        JsonElement profile = Profile;
        config["vision_config"] = new JsonObject
        {
            ["hidden_size"] = profile.GetProperty("vdim").GetInt64(),
            ["num_attention_heads"] = profile.GetProperty("vheads").GetInt64(),
            ["num_hidden_layers"] = profile.GetProperty("vlayers").GetInt64(),
        };
        File.WriteAllText(file, config.ToJsonString());
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)), overwrite: true);
        }
    }
}
