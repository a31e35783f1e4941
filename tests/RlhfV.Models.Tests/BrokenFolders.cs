using System.Text;
using System.Text.Json.Nodes;
using RlhfV.Goldens;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Tests.Adapters;
using RlhfV.Models.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests;

/// <summary>The ways in which a model's folder can be wrong, and what is to be said of each.</summary>
internal static class BrokenFolders
{
    private const string Weights = "model.safetensors";
    private const string Index = "model.safetensors.index.json";
    private const string Config = "config.json";
    private const string FirstShard = "model-00001-of-00002.safetensors";
    private const string SecondShard = "model-00002-of-00002.safetensors";

    private const string Pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 4933658528\n";

    private static readonly BrokenFolder[] All =
    [
        Configured<FileNotFoundException>("no config.json", f => File.Delete(f.At(Config)), "has no config.json", "Fetch all files"),
        Configured<FileNotFoundException>("only a GGUF file", f => Only(f, "model-q4.gguf"), "has no config.json", "'model-q4.gguf'", "save_pretrained"),
        Configured<FileNotFoundException>("the folder above", FolderAbove, "has no config.json", Path.Combine("snapshots", "0a1b2c"), "name that folder"),
        Configured<FileNotFoundException>("an adapter's folder", AdapterFolder, "has no config.json", "adapter learned for 'tiny'", "AdapterPath"),
        Configured<FileNotFoundException>(
            "an adapter's folder that names no model",
            f => { Empty(f); f.Write("adapter_config.json", """{"peft_type": "LORA", "base_model_name_or_path": ""}"""); },
            "It is the folder of an adapter: load its model"),
        Configured<ModelFormatException>("config.json cut short", f => Cut(f, Config, 40), Config, "not valid JSON"),
        Configured<ModelFormatException>("no model_type", f => Configure(f, c => c.Remove("model_type")), "'model_type' is missing", "supported: llava"),
        Configured<ModelFormatException>("another model_type", f => Configure(f, c => c["model_type"] = "llava_next"), "'llava_next'", "supported: llava"),
        Configured<ModelFormatException>(
            "another decoder", f => Configure(f, c => c["text_config"]!["model_type"] = "mistral"), "'text_config'", "'mistral'", "supported: llama"),
        Configured<ModelFormatException>(
            "another tower", f => Configure(f, c => c["vision_config"]!["model_type"] = "siglip_vision_model"), "'vision_config'", "supported: clip_vision_model"),
        Configured<ModelFormatException>("GPTQ", f => Quantise(f, "gptq"), Config, "quantised (gptq)", "fp32, fp16 or bf16"),
        Configured<ModelFormatException>("AWQ", f => Quantise(f, "awq"), Config, "quantised (awq)"),
        Configured<ModelFormatException>("bitsandbytes", f => Quantise(f, "bitsandbytes"), Config, "quantised (bitsandbytes)", "remove 'quantization_config'"),
        Of<CheckpointException>("quantised tensors without a word in config.json", QuantiseTensors, "0.mlp.down_proj.qweight' are those of quantised weights"),
        Configured<FileNotFoundException>("no weights", f => File.Delete(f.At(Weights)), "holds no weights", Weights, "pytorch_model.bin", "Fetch all files"),
        Configured<FileNotFoundException>(
            "weights under another name", f => File.Move(f.At(Weights), f.At("weights.safetensors")), "holds no weights", "'weights.safetensors'"),
        Configured<FileNotFoundException>(
            "shards without index", f => Shard(f, index: false), "holds no weights", $"2 shards, such as '{FirstShard}'", $"fetch {Index}"),
        Configured<ModelFormatException>(
            "half of the shards", f => Shard(f, second: false), Index, $"2 shards, of which 1 are not beside it: '{SecondShard}'", "Fetch them"),
        Configured<ModelFormatException>("a truncated shard", f => { Shard(f); Cut(f, SecondShard, 500); }, SecondShard, "truncated", "fetch or copy it again"),
        Configured<ModelFormatException>("truncated weights", f => Cut(f, Weights, 100_000), Weights, "its header speaks of", "truncated"),
        Configured<ModelFormatException>("an empty file", f => Cut(f, Weights, 0), Weights, "the file has 0", "truncated"),
        Configured<ModelFormatException>("a page instead of weights", f => f.Write(Weights, "<!DOCTYPE html><html>Access denied</html>"), Weights, "is a web page", "fetch the file itself"),
        Configured<ModelFormatException>("an LFS pointer instead of weights", f => f.Write(Weights, Pointer), Weights, "Git LFS pointer", "git lfs pull"),
        Configured<ModelFormatException>(
            "an LFS pointer instead of a shard", f => { Shard(f); f.Write(SecondShard, Pointer); }, SecondShard, "Git LFS pointer"),
        Configured<ModelFormatException>(
            "an LFS pointer instead of pytorch_model.bin", f => Pickle(f, Encoding.ASCII.GetBytes(Pointer)), "pytorch_model.bin", "Git LFS pointer"),
        Configured<ModelFormatException>("an LFS pointer instead of a tokenizer", f => f.Write("tokenizer.model", Pointer), "tokenizer.model", "git lfs pull"),
        Configured<ModelFormatException>(
            "a pickle of before PyTorch 1.6", f => Pickle(f, [0x80, 2, 0x8a, 10, 0x6c, 0xfc]), "pytorch_model.bin", "before version 1.6", "torch.save"),
        Configured<ModelFormatException>(
            "a truncated zip", f => Pickle(f, ZipBuilder.Build([("archive/data.pkl", new byte[400])])[..300]), "pytorch_model.bin", "truncated"),
        Configured<ModelFormatException>("8-bit floats", f => Float8(f), Weights, "F8_E4M3", "expected one of", "fp32, fp16 or bf16"),
        Of<CheckpointException>("names with something in front", f => Rename(f, name => "base_model." + name), "with 'base_model.' in front instead of nothing"),
        Of<CheckpointException>("another model's sizes", f => Configure(f, c => c["text_config"]!["intermediate_size"] = 224), "[112, 64]", "expected [224, 64]"),
        Of<InsufficientMemoryException>(
            "a network beyond all memory", BeyondAddresses,
            "did not fit into the memory of cpu", "GB as Float32 (", "allocate", "ComputeType", "config.json may describe a larger network"),
        Of<CheckpointException>("more layers than weights", f => Configure(f, c => c["text_config"]!["num_hidden_layers"] = 4), "layers.{2..3}.", "config.json"),
        Configured<FileNotFoundException>("no tokenizer", f => NoTokenizer(f), "neither tokenizer.json nor tokenizer.model", "Copy the tokenizer's files"),
        Configured<FileNotFoundException>(
            "a tokenizer of another layout", f => { NoTokenizer(f); f.Write("merges.txt", "a b"); }, "neither tokenizer.json", "holds merges.txt", "save_pretrained"),
        Configured<ModelFormatException>(
            "another model's tokenizer", f => Configure(f, c => c["image_token_index"] = 7), "gives '<image>' the id 480", "config.json names 7"),
        Configured<FileNotFoundException>("no preprocessor settings", f => NoProcessor(f), "neither preprocessor_config.json", "Copy it from"),
        Configured<ModelFormatException>(
            "another family's preprocessing", f => f.Write("preprocessor_config.json", """{"image_processor_type": "Qwen2VLImageProcessor"}"""),
            "Qwen2VlImageProcessor", "expected CLIPImageProcessor"),
        Configured<ModelFormatException>(
            "unknown preprocessing", f => f.Write("preprocessor_config.json", """{"image_processor_type": "ViltImageProcessor"}"""),
            "preprocessor_config.json", "'ViltImageProcessor' is not supported"),
        Configured<ModelFormatException>(
            "pictures of another size", f => f.Write("preprocessor_config.json", """{"image_processor_type": "CLIPImageProcessor", "size": 224, "crop_size": 224}"""),
            "224x224", "'image_size' of the vision tower is 56"),
        new(
            "a tower named for a model that holds its own", typeof(ModelFormatException), _ => { }, ["hold their vision tower", "'elsewhere'", "Leave it out"],
            f => new VisionLanguageModelOptions { VisionTowerFolder = "elsewhere" }) { IsFoundBeforeLoading = true },
        new(
            "a tower kept apart and not there", typeof(DirectoryNotFoundException), OriginalLayout, ["keeps its vision tower", "nowhere", "VisionTowerFolder"],
            f => new VisionLanguageModelOptions { VisionTowerFolder = f.At("nowhere") }) { IsFoundBeforeLoading = true },
        new(
            "a tower without weights", typeof(FileNotFoundException), f => { OriginalLayout(f); Tower(f); }, ["tower", "holds no weights"],
            f => new VisionLanguageModelOptions { VisionTowerFolder = f.At("tower") }) { IsFoundBeforeLoading = true },
        Adapted<FileNotFoundException>("no adapter folder", _ => { }, "Found no adapter folder", "adapter_config.json and adapter_model.safetensors"),
        Adapted<FileNotFoundException>(
            "a model's folder as adapter", f => CopyTo(f.At("adapter")), "has no adapter_config.json", "so it is a whole model", "without an adapter"),
        Adapted<FileNotFoundException>(
            "an adapter of an older PEFT", f => Adapter(f, "adapter_model.bin"), "has no adapter_model.safetensors", "save it again"),
        Adapted<FileNotFoundException>("an adapter without tensors", f => Adapter(f, "README.md"), "has no adapter_model.safetensors", "Fetch"),
        Adapted<ModelFormatException>(
            "an LFS pointer instead of an adapter", f => { Adapter(f, "README.md"); File.WriteAllText(f.At("adapter/adapter_model.safetensors"), Pointer); },
            "adapter_model.safetensors", "Git LFS pointer"),
    ];

    public static IEnumerable<string> Names => All.Select(folder => folder.Name);

    public static BrokenFolder Named(string name) => All.Single(folder => folder.Name == name);

    /// <summary>A whole model.</summary>
    public static void CopyTo(string folder) => Copy(TinyLlava.Folder, folder);

    private static BrokenFolder Configured<TException>(string name, Action<TemporaryFolder> spoil, params string[] said)
        where TException : Exception => new(name, typeof(TException), spoil, said) { IsFoundBeforeLoading = true };

    private static BrokenFolder Of<TException>(string name, Action<TemporaryFolder> spoil, params string[] said)
        where TException : Exception => new(name, typeof(TException), spoil, said);

    private static BrokenFolder Adapted<TException>(string name, Action<TemporaryFolder> spoil, params string[] said)
        where TException : Exception => new(name, typeof(TException), spoil, said, f => new VisionLanguageModelOptions { AdapterPath = f.At("adapter") });

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static void Empty(TemporaryFolder folder)
    {
        foreach (string file in Directory.GetFiles(folder.Root))
            File.Delete(file);
    }

    private static void Only(TemporaryFolder folder, string file)
    {
        Empty(folder);
        folder.Write(file, "GGUF");
    }

    private static void FolderAbove(TemporaryFolder folder)
    {
        Empty(folder);
        CopyTo(folder.At("snapshots/0a1b2c"));
    }

    private static void AdapterFolder(TemporaryFolder folder)
    {
        Empty(folder);
        TinyAdapter.WriteConfig(folder.Root, []);
    }

    private static void Adapter(TemporaryFolder folder, string other)
    {
        Directory.CreateDirectory(folder.At("adapter"));
        TinyAdapter.WriteConfig(folder.At("adapter"), []);
        File.WriteAllText(folder.At($"adapter/{other}"), "");
    }

    private static void OriginalLayout(TemporaryFolder folder)
    {
        Empty(folder);
        Copy(GoldenData.Path("hf", "llava", "original", "llava-v1.5"), folder.Root);
    }

    private static void Tower(TemporaryFolder folder)
    {
        Copy(GoldenData.Path("hf", "llava", "original", "clip-vision-tower"), folder.At("tower"));
        File.Delete(folder.At("tower/pytorch_model.bin"));
    }

    private static void Cut(TemporaryFolder folder, string file, int bytes) => folder.Write(file, File.ReadAllBytes(folder.At(file)).AsSpan(0, bytes));

    private static void Configure(TemporaryFolder folder, Action<JsonObject> change)
    {
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(folder.At(Config)))!;
        change(config);
        folder.Write(Config, config.ToJsonString());
    }

    // Petabytes, which no system promises, however freely it promises memory.
    private static void BeyondAddresses(TemporaryFolder folder) => Configure(folder, config =>
    {
        config["text_config"]!["hidden_size"] = 1 << 20;
        config["text_config"]!["intermediate_size"] = int.MaxValue;
    });

    private static void Quantise(TemporaryFolder folder, string method) =>
        Configure(folder, config => config["quantization_config"] = new JsonObject { ["quant_method"] = method, ["bits"] = 4 });

    private static void QuantiseTensors(TemporaryFolder folder) =>
        Rename(folder, name => name.EndsWith("_proj.weight", StringComparison.Ordinal) ? name.Replace(".weight", ".qweight", StringComparison.Ordinal) : name);

    private static void Rename(TemporaryFolder folder, Func<string, string> rename) =>
        Rewrite(folder, tensors => Safetensors.Save(folder.At(Weights), tensors.Select(t => KeyValuePair.Create(rename(t.Key), t.Value))));

    private static void Shard(TemporaryFolder folder, bool index = true, bool second = true) => Rewrite(folder, tensors =>
    {
        File.Delete(folder.At(Weights));
        KeyValuePair<string, Tensor>[][] halves = [tensors[..(tensors.Length / 2)], tensors[(tensors.Length / 2)..]];
        Safetensors.Save(folder.At(FirstShard), halves[0]);
        if (second)
            Safetensors.Save(folder.At(SecondShard), halves[1]);
        var map = new JsonObject();
        foreach ((string name, _) in tensors)
            map[name] = halves[0].Any(t => t.Key == name) ? FirstShard : SecondShard;
        if (index)
            folder.Write(Index, new JsonObject { ["weight_map"] = map }.ToJsonString());
    });

    private static void Rewrite(TemporaryFolder folder, Action<KeyValuePair<string, Tensor>[]> write)
    {
        using DisposeScope scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] tensors;
        using (TensorSource source = TensorSource.Open(folder.Root))
            tensors = [.. source.Tensors.Keys.Order(StringComparer.Ordinal).Select(name => KeyValuePair.Create(name, source.Read(name)))];
        write(tensors);
    }

    private static void Float8(TemporaryFolder folder)
    {
        byte[] header = """{"language_model.lm_head.weight":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}"""u8.ToArray();
        folder.Write(Weights, [.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0]);
    }

    private static void Pickle(TemporaryFolder folder, byte[] content)
    {
        File.Delete(folder.At(Weights));
        folder.Write("pytorch_model.bin", content);
    }

    private static void NoTokenizer(TemporaryFolder folder)
    {
        File.Delete(folder.At("tokenizer.json"));
        File.Delete(folder.At("tokenizer.model"));
    }

    private static void NoProcessor(TemporaryFolder folder)
    {
        File.Delete(folder.At("preprocessor_config.json"));
        File.Delete(folder.At("processor_config.json"));
    }
}
