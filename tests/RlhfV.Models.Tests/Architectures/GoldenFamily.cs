using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures;

/// <summary>One family's tiny checkpoint with everything the reference computes from it.</summary>
internal sealed class GoldenFamily
{
    private readonly JsonElement _tensors;
    private readonly string _name;

    public GoldenFamily(string name)
    {
        _name = name;
        using var document = JsonDocument.Parse(File.ReadAllText(GoldenData.Path("hf", name, "expected.json")));
        JsonElement root = document.RootElement.Clone();
        Cases = root.GetProperty("cases");
        Pictures = root.TryGetProperty("single_images", out JsonElement pictures) ? [.. pictures.EnumerateObject().Select(p => p.Name)] : [];
        _tensors = root.GetProperty("tensors");
        Values = GoldenTensors.LoadGolden("hf", name, "expected.safetensors");
    }

    /// <summary>The families that are there, by the names of their folders, with pictures or without.</summary>
    public static IEnumerable<string> Names(bool pictures)
    {
        string root = GoldenData.Path("hf");
        return Directory.Exists(root)
            ? Directory.GetDirectories(root).Where(f => File.Exists(Path.Combine(f, "checkpoint", "config.json"))).Where(TakesPictures)
                .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)
            : [];

        bool TakesPictures(string folder)
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
            return document.RootElement.TryGetProperty("image_backend", out _) == pictures;
        }
    }

    public JsonElement Cases { get; }

    /// <summary>Files of the pictures whose features are stored by themselves.</summary>
    public IReadOnlyList<string> Pictures { get; }

    public GoldenTensors Values { get; }

    public string Checkpoint => GoldenData.Path("hf", _name, "checkpoint");

    /// <summary>A checkpoint's tensor name to the network's.</summary>
    public string? NameInNetwork(string tensor) =>
        ModelFamilies.Of(ConfigReader.Open(Path.Combine(Checkpoint, "config.json"))).MapTensorName(tensor);

    /// <summary>Names of the cases that begin with one of these letters.</summary>
    public IEnumerable<string> CaseNames(params char[] first) => Cases.EnumerateObject().Select(c => c.Name).Where(name => first.Contains(name[0]));

    public long[] Longs(string tensor) => Values[tensor].ToLongs();

    public float[] Floats(string tensor) => Values[tensor].ToFloats();

    public Tensor Tensor(string name) => Values[name] is { Dtype: "I64" } integers
        ? tensor(integers.ToLongs(), integers.Shape)
        : tensor(Values[name].ToFloats(), Values[name].Shape);

    public ImageSource Image(string file) => ImageSource.FromFile(GoldenData.Path("hf", "images", file));

    /// <summary>The conversation of a case; a last turn of the assistant comes back apart.</summary>
    public (Prompt Prompt, string? Answer) Conversation(string name)
    {
        var turns = new List<PromptTurn>();
        string? system = null;
        foreach (JsonElement message in Cases.GetProperty(name).GetProperty("messages").EnumerateArray())
        {
            JsonElement content = message.GetProperty("content");
            if (message.GetProperty("role").GetString() == "system")
            {
                system = content.ValueKind == JsonValueKind.String ? content.GetString() : content[0].GetProperty("text").GetString();
                continue;
            }

            PromptRole role = message.GetProperty("role").GetString() == "user" ? PromptRole.User : PromptRole.Assistant;
            turns.Add(new PromptTurn(role, content.ValueKind == JsonValueKind.String
                ? [new TextPart(content.GetString()!)]
                : [.. content.EnumerateArray().Select(Part)]));
        }

        return turns[^1].Role == PromptRole.Assistant
            ? (new Prompt(turns[..^1], system), ((TextPart)turns[^1].Parts[0]).Text)
            : (new Prompt(turns, system), null);

        PromptPart Part(JsonElement part) => part.GetProperty("type").GetString() == "image"
            ? new ImagePart(Image(part.GetProperty("image").GetString()!))
            : new TextPart(part.GetProperty("text").GetString()!);
    }

    /// <summary>Compares with the stored tensor: largest and root mean square difference within the stored tolerance.</summary>
    public void AssertClose(string name, Tensor actual)
    {
        Assert.Equal(Values[name].Shape, actual.shape);
        AssertClose(name, Floats(name), actual.cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray());
    }

    /// <summary>As <see cref="AssertClose(string, Tensor)"/>, for inner stages that only some cases store.</summary>
    public void AssertCloseIfStored(string name, Tensor actual)
    {
        if (Values.Contains(name))
        {
            AssertClose(name, actual);
        }
    }

    /// <summary>As <see cref="AssertCloseIfStored"/>, of features whose leading dimensions the reference arranges in its own way.</summary>
    public void AssertValuesIfStored(string name, IReadOnlyList<Tensor> pictures)
    {
        if (Values.Contains(name))
        {
            Assert.All(pictures, one => Assert.Equal(Values[name].Shape[^1], one.shape[^1]));
            AssertClose(name, Floats(name), [.. pictures.SelectMany(one => one.cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray())]);
        }
    }

    public void AssertClose(string name, float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        double square = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            Assert.True(double.IsFinite(difference), $"{_name} {name}[{i}] is {actual[i]}, expected {expected[i]}.");
            largest = Math.Max(largest, difference);
            square += difference * difference;
        }

        JsonElement tolerance = _tensors.GetProperty(name).GetProperty("tolerance");
        double most = tolerance.GetProperty("max_abs").GetDouble();
        Assert.True(largest <= most, $"{_name} {name}: largest difference {largest:E2}, allowed {most:E2}.");
        if (tolerance.TryGetProperty("rms", out JsonElement rms))
        {
            double mean = Math.Sqrt(square / expected.Length);
            Assert.True(mean <= rms.GetDouble(), $"{_name} {name}: root mean square difference {mean:E2}, allowed {rms.GetDouble():E2}.");
        }
    }
}
