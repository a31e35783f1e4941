using System.Text.Json.Nodes;
using RlhfV.Models;
using RlhfV.Models.Architectures;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfV.Benchmarks.Data;

/// <summary>Checkpoints that have weights and a configuration but no tokenizer, and what stands in for it.</summary>
internal static class BenchmarkModel
{
    /// <summary>Loads the network of a folder.</summary>
    public static VisionLanguageNetwork Load(string folder)
    {
        ConfigReader config = ConfigReader.Open(Path.Combine(folder, "config.json"));
        ModelFamily family = ModelFamilies.Of(config);
        VisionLanguageNetwork network = family.CreateNetwork(config);
        using TensorSource source = TensorSource.Open(folder);
        StateLoader.Load(network, source, family.MapTensorName);
        network.eval();
        foreach (TorchSharp.Modules.Parameter parameter in network.parameters())
            parameter.requires_grad = false;
        return network;
    }

    /// <summary>A picture of noise, of the size that the folder's vision tower takes.</summary>
    public static ProcessedImage Picture(string folder, int seed)
    {
        JsonNode vision = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!["vision_config"]
            ?? throw new InvalidDataException($"'{folder}': config.json has no vision_config.");
        int side = (int)vision["image_size"]!;
        var random = new Random(seed);
        return new ProcessedImage
        {
            Shape = [3, side, side],
            Values = [.. Enumerable.Range(0, 3 * side * side).Select(_ => (float)(random.NextDouble() - 0.5))],
        };
    }

    /// <summary>A prompt of random tokens behind a picture's tokens.</summary>
    public static EncodedPrompt Prompt(VisionLanguageNetwork network, string folder, int tokens, int seed)
    {
        ProcessedImage picture = Picture(folder, seed);
        var random = new Random(seed);
        int features;
        using (NewDisposeScope())
        using (inference_mode())
        {
            features = (int)network.ProjectImages(network.EncodeImages([picture]))[0].shape[0];
        }

        int words = (int)Math.Min(31_000, network.ImageTokenId);
        return new EncodedPrompt
        {
            Ids = [.. Enumerable.Repeat((int)network.ImageTokenId, features), .. Enumerable.Range(0, tokens).Select(_ => random.Next(5, words))],
            Images = [picture],
        };
    }

    /// <summary>A processor whose tokens are words without meaning, so that decoding does all the work it does for a real model.</summary>
    public static VisionLanguageProcessor Processor(VisionLanguageNetwork network)
    {
        var vocabulary = new JsonObject();
        for (long id = 0; id < network.DecoderConfig.VocabularySize; id++)
            vocabulary[$"w{id}"] = id;
        var json = new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(),
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
        DirectoryInfo folder = Directory.CreateTempSubdirectory("rlhfv-benchmark");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "tokenizer.json"), json.ToJsonString());
            return new VisionLanguageProcessor(
                TextTokenizer.Load(folder.FullName), new ClipImageProcessor(), ChatTemplate.VicunaV1, "<image>", _ => string.Empty, "w2");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
