using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Generation;
using RlhfV.Models.Prompting.Tests;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures;

/// <summary>LLaVA's original layout, tower apart or included, against the original code's numbers.</summary>
[Trait("Category", "Golden")]
public sealed class LlavaOriginalGoldenTests
{
    private const int ImageIndex = -200;

    public static TheoryData<string> Layouts =>
        [.. ((string[])["llava-v1.5", "rlaif-v"]).Where(layout => GoldenData.Has("hf", "llava", "original", layout))];

    private static string Tower => GoldenData.Path("hf", "llava", "original", "clip-vision-tower");

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Load_GivesTheReferencesPixelsIdsLogitsAndLosses(string layout)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        using VisionLanguageModel model = Load(layout);
        VisionLanguageNetwork network = model.Network;
        var golden = new Expected();
        foreach (JsonProperty entry in golden.Cases)
        {
            EncodedPrompt encoded = model.Processor.EncodePrompt(golden.Prompt(entry));
            Assert.Equal(golden.Values[$"{entry.Name}.pixel_values_pad"].ToFloats(), encoded.Images.Single().Values);

            // The tokenizer's files ask for the mode that the goldens call "new"; where both modes agree one is stored.
            string cut = golden.First($"{entry.Name}.new.prompt_ids", $"{entry.Name}.legacy.prompt_ids");
            int features = encoded.Ids.Count(id => id == network.ImageTokenId);
            Assert.Equal(
                golden.Values[cut].ToLongs().SelectMany(id => id == ImageIndex ? Enumerable.Repeat(network.ImageTokenId, features) : [id]),
                encoded.Ids.Select(id => (long)id));

            Tensor picture = cat([.. network.ProjectImages(network.EncodeImages(encoded.Images))], 0);
            foreach (string run in golden.Runs(entry.Name))
            {
                Tensor ids = golden.Ids($"{run}.expanded_ids", network.ImageTokenId);
                long tokens = ids.shape[1];
                Tensor hidden = network.Decode(network.Embed(ids, picture), arange(tokens, dtype: ScalarType.Int64).unsqueeze(0));
                Tensor logits = network.Head(hidden);
                golden.CloseIfStored($"{run}.logits", logits);
                golden.CloseIfStored($"{run}.last_logits", logits.narrow(1, tokens - 1, 1).squeeze(1));
                Tensor before = logits.narrow(1, 0, tokens - 1);
                Tensor next = ids.narrow(1, 1, tokens - 1);
                Tensor logProbs = before.log_softmax(-1).gather(2, next.where(next.ne(network.ImageTokenId), 0).unsqueeze(-1)).squeeze(-1);
                Tensor labelled = golden.Ids($"{run}.expanded_labels", 0).narrow(1, 1, tokens - 1).ne(-100);
                golden.CloseIfStored($"{run}.token_logprobs", logProbs, where: next.ne(network.ImageTokenId));
                golden.CloseIfStored($"{run}.label_logprob_sum", (logProbs * labelled.to(ScalarType.Float32)).sum(dim: 1));
                golden.CloseIfStored($"{run}.loss", logProbs.masked_select(labelled).mean().neg());
            }
        }

        Assert.True(golden.Compared >= 6, $"Only {golden.Compared} tensors were compared.");
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void SaveAndLoad_KeepsTheLayoutWithTheTowerInside(string layout)
    {
        string folder = Directory.CreateTempSubdirectory("rlhfv").FullName;
        try
        {
            using VisionLanguageModel model = Load(layout);
            model.Save(folder);
            using (TensorSource saved = TensorSource.Open(folder))
            {
                using JsonDocument keymap = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Path("hf", "llava", "original", "keymap.json")));
                Assert.Equal(
                    keymap.RootElement.GetProperty("tensors").EnumerateArray().Select(row => row.GetProperty("rlaif-v").GetString()).Order(),
                    saved.Tensors.Keys.Order());
            }

            using var again = VisionLanguageModel.Load(folder);
            Assert.Equal(Path.GetFullPath(folder), again.Folder);
            var golden = new Expected();
            foreach (JsonProperty entry in golden.Cases)
            {
                EncodedPrompt first = model.Processor.EncodePrompt(golden.Prompt(entry));
                EncodedPrompt second = again.Processor.EncodePrompt(golden.Prompt(entry));
                Assert.Equal(first.Ids, second.Ids);
                Assert.Equal(first.Images[0].Values, second.Images[0].Values);
                var options = new GenerationOptions { MaxNewTokens = 12, RepetitionPenalty = 1.1 };
                Assert.Equal(model.Generate(golden.Prompt(entry), options).TokenIds, again.Generate(golden.Prompt(entry), options).TokenIds);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Load_TowerApart_BelongsToNoFolder()
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original", "llava-v1.5"), "hf/llava/original is not in this root.");
        using VisionLanguageModel model = Load("llava-v1.5");
        Assert.Null(model.Folder);
    }

    [Fact]
    public void Load_TowerNotFound_NamesThePlaces()
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original", "llava-v1.5"), "hf/llava/original is not in this root.");
        string folder = GoldenData.Path("hf", "llava", "original", "llava-v1.5");
        var error = Assert.Throws<DirectoryNotFoundException>(() => VisionLanguageModel.Load(folder));
        Assert.Contains(Path.Combine(folder, "clip-vit-large-patch14-336"), error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(VisionLanguageModelOptions.VisionTowerFolder), error.Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(
            () => VisionLanguageModel.Load(folder, new VisionLanguageModelOptions { VisionTowerFolder = Path.Combine(folder, "nowhere") }));
    }

    [Fact]
    public void Load_TowerBesideTheModel_IsFoundByItsName()
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original", "llava-v1.5"), "hf/llava/original is not in this root.");
        string root = Directory.CreateTempSubdirectory("rlhfv").FullName;
        try
        {
            Copy(GoldenData.Path("hf", "llava", "original", "llava-v1.5"), Path.Combine(root, "model"));
            Copy(Tower, Path.Combine(root, "clip-vit-large-patch14-336"));
            using var model = VisionLanguageModel.Load(Path.Combine(root, "model"));
            Assert.NotEmpty(model.Network.parameters());
            Assert.Empty(ModelFolder.FindProblems(Path.Combine(root, "model")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        static void Copy(string from, string to)
        {
            Directory.CreateDirectory(to);
            foreach (string file in Directory.GetFiles(from))
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    [Fact]
    public void Shape_OfTheTowerApart_IsThatOfTheLoadedModel()
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original", "llava-v1.5"), "hf/llava/original is not in this root.");
        var options = new VisionLanguageModelOptions { VisionTowerFolder = Tower };
        NetworkShape shape = NetworkShape.Read(GoldenData.Path("hf", "llava", "original", "llava-v1.5"), options);
        using VisionLanguageModel model = Load("llava-v1.5");
        Assert.Equal(NetworkShape.Of(model.Network).Count, shape.Count);
    }

    private static VisionLanguageModel Load(string layout) => VisionLanguageModel.Load(
        GoldenData.Path("hf", "llava", "original", layout), new VisionLanguageModelOptions { VisionTowerFolder = Tower });

    private sealed class Expected
    {
        private readonly JsonElement _tensors;

        public Expected()
        {
            JsonElement root = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(GoldenData.Path("hf", "llava", "original", "expected.json")));
            _tensors = root.GetProperty("tensors");
            Cases = [.. root.GetProperty("cases").EnumerateObject()];
        }

        public GoldenTensors Values { get; } = GoldenTensors.LoadGolden("hf", "llava", "original", "expected.safetensors");

        public JsonProperty[] Cases { get; }

        public int Compared { get; private set; }

        public IEnumerable<string> Runs(string name) =>
            from mode in (string[])["legacy", "new"]
            from kind in (string[])["prompt", "train"]
            where Values.Contains($"{name}.{mode}.{kind}.expanded_ids")
            select $"{name}.{mode}.{kind}";

        public string First(params string[] names) => names.First(Values.Contains);

        public Prompt Prompt(JsonProperty entry)
        {
            Prompt marked = ChatGoldens.ReadOriginal(entry.Value);
            ImageSource picture = ImageSource.FromFile(GoldenData.Path("hf", "images", entry.Value.GetProperty("image").GetString()!));
            return new Prompt([.. marked.Turns.Select(turn => turn with { Parts = [.. turn.Parts.Select(p => p is ImagePart ? new ImagePart(picture) : p)] })], marked.System);
        }

        public Tensor Ids(string name, long image) =>
            tensor([.. Values[name].ToLongs().Select(id => id == ImageIndex ? image : id)], Values[name].Shape);

        public void CloseIfStored(string name, Tensor actual, Tensor? where = null)
        {
            if (!Values.Contains(name))
                return;
            Tensor expected = tensor(Values[name].ToFloats(), Values[name].Shape);
            Tensor difference = (actual.reshape(expected.shape) - expected).abs();
            difference = where is null ? difference : difference.masked_select(where);
            JsonElement tolerance = _tensors.GetProperty(name).GetProperty("tolerance");
            double largest = difference.max().item<float>();
            Assert.True(largest <= tolerance.GetProperty("max_abs").GetDouble(), $"{name}: largest difference {largest:E2}, allowed {tolerance}.");
            if (tolerance.TryGetProperty("rms", out JsonElement rms))
            {
                double mean = Math.Sqrt(difference.pow(2).mean().item<float>());
                Assert.True(mean <= rms.GetDouble(), $"{name}: root mean square difference {mean:E2}, allowed {tolerance}.");
            }

            Compared++;
        }
    }
}
