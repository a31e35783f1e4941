using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfV.Benchmarks.Data;

/// <summary>
/// A LLaVA checkpoint as a folder that can be served. Checkpoints of random weights come without a tokenizer; they get one that reads a text byte by byte
/// and has a name for every id, in a folder of its own with links to the weights.
/// </summary>
internal sealed class ServableCheckpoint : IDisposable
{
    private readonly string? _made;

    private ServableCheckpoint(string folder, string? made) => (Folder, _made) = (folder, made);

    /// <summary>The folder to load.</summary>
    public string Folder { get; }

    /// <summary>Whether the tokenizer is a made-up one.</summary>
    public bool HasStandInTokenizer => _made is not null;

    public static ServableCheckpoint Open(string checkpoint)
    {
        checkpoint = Path.GetFullPath(checkpoint);
        if (File.Exists(Path.Combine(checkpoint, "tokenizer.json")) || File.Exists(Path.Combine(checkpoint, "tokenizer.model")))
        {
            return new(checkpoint, null);
        }

        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(checkpoint, "config.json")))!;
        string folder = Directory.CreateTempSubdirectory("rlhfv-serve").FullName;
        foreach (string file in Directory.GetFiles(checkpoint))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        }

        int image = (config["image_token_index"] ?? config["image_token_id"])!.GetValue<int>();
        Write("tokenizer.json", Tokenizer(config["text_config"]!["vocab_size"]!.GetValue<int>(), image));
        Write("tokenizer_config.json", new JsonObject
        {
            ["add_bos_token"] = true,
            ["bos_token"] = "<s>",
            ["eos_token"] = "</s>",
            ["unk_token"] = "<unk>",
            ["legacy"] = true,
            ["tokenizer_class"] = "LlamaTokenizer",
        });
        Write("preprocessor_config.json", Pictures(config["vision_config"]!["image_size"]!.GetValue<int>()));
        return new(folder, folder);

        void Write(string name, JsonNode content)
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                File.WriteAllText(path, content.ToJsonString());
            }
        }
    }

    public void Dispose()
    {
        if (_made is not null)
        {
            Directory.Delete(_made, recursive: true);
        }
    }

    private static JsonNode Tokenizer(int size, int image)
    {
        string NameOf(int id) => id switch
        {
            0 => "<unk>",
            1 => "<s>",
            2 => "</s>",
            < 259 => $"<0x{id - 3:X2}>",
            _ => $"▁t{id}",
        };
        int[] special = [0, 1, 2, image];
        return JsonSerializer.SerializeToNode(new Dictionary<string, object?>
        {
            ["version"] = "1.0",
            ["added_tokens"] = special.Select(id => new
            {
                id,
                content = id == image ? "<image>" : NameOf(id),
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true,
            }),
            ["normalizer"] = null,
            ["pre_tokenizer"] = null,
            ["post_processor"] = new
            {
                type = "TemplateProcessing",
                single = new object[] { new { SpecialToken = new { id = "<s>", type_id = 0 } }, new { Sequence = new { id = "A", type_id = 0 } } },
                pair = Array.Empty<object>(),
                special_tokens = new Dictionary<string, object> { ["<s>"] = new { id = "<s>", ids = new[] { 1 }, tokens = new[] { "<s>" } } },
            },
            ["decoder"] = new
            {
                type = "Sequence",
                decoders = new object[]
                {
                    new { type = "Replace", pattern = new { String = "▁" }, content = " " }, new { type = "ByteFallback" }, new { type = "Fuse" },
                    new { type = "Strip", content = " ", start = 1, stop = 0 },
                },
            },
            ["model"] = new
            {
                type = "BPE",
                unk_token = "<unk>",
                fuse_unk = true,
                byte_fallback = true,
                vocab = Enumerable.Range(0, size).Where(id => id != image).ToDictionary(NameOf, id => id),
                merges = Array.Empty<string>(),
            },
        })!;
    }

    private static JsonObject Pictures(int size) => new()
    {
        ["image_processor_type"] = "CLIPImageProcessor",
        ["size"] = new JsonObject { ["shortest_edge"] = size },
        ["crop_size"] = new JsonObject { ["height"] = size, ["width"] = size },
        ["do_resize"] = true,
        ["do_center_crop"] = true,
        ["do_convert_rgb"] = true,
        ["do_rescale"] = true,
        ["do_normalize"] = true,
        ["resample"] = 3,
        ["rescale_factor"] = 1.0 / 255,
        ["image_mean"] = new JsonArray(0.48145466, 0.4578275, 0.40821073),
        ["image_std"] = new JsonArray(0.26862954, 0.26130258, 0.27577711),
    };
}
