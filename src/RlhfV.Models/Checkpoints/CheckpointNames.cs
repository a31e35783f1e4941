using System.Text.RegularExpressions;

namespace RlhfV.Models.Checkpoints;

/// <summary>The file names of the Hugging Face layout.</summary>
internal static partial class CheckpointNames
{
    /// <summary>A checkpoint of one file.</summary>
    public const string Single = "model.safetensors";

    /// <summary>The index of a sharded checkpoint.</summary>
    public const string Index = "model.safetensors.index.json";

    /// <summary>The name of a shard; numbers count from 1.</summary>
    public static string Shard(int number, int count) => $"model-{number:D5}-of-{count:D5}.safetensors";

    /// <summary>True for names that <see cref="Shard"/> gives.</summary>
    public static bool IsShard(string fileName) => ShardPattern().IsMatch(fileName);

    [GeneratedRegex(@"^model-\d{5}-of-\d{5}\.safetensors$")]
    private static partial Regex ShardPattern();
}
