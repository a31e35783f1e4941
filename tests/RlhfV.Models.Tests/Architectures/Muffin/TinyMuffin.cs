using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfV.Goldens;
using RlhfV.Models.Architectures.Muffin;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures.Muffin;

/// <summary>The tiny Muffin in a temporary folder, with the rows that the reference trained it on.</summary>
internal sealed class TinyMuffin : IDisposable
{
    private readonly Lazy<VisionLanguageModel> _model;

    public TinyMuffin(string layout = "checkpoint")
    {
        GoldenMuffin.CopyTo(Folder, layout);
        _model = new(() => VisionLanguageModel.Load(Folder));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("rlhfv-muffin").FullName;

    /// <summary>The model, loaded when it is first asked for.</summary>
    public VisionLanguageModel Model => _model.Value;

    public MuffinNetwork Network => (MuffinNetwork)Model.Network;

    public static GoldenTensors Values(string file) => GoldenTensors.LoadGolden("rlhfv", "d_train", file);

    /// <summary>A stored tensor.</summary>
    public static Tensor Tensor(GoldenTensor golden) => golden.Dtype is "I64" or "U8"
        ? tensor(golden.ToLongs(), golden.Shape)
        : tensor(golden.ToFloats(), golden.Shape);

    /// <summary>The data set in the layout of the official tab-separated files.</summary>
    public static IReadOnlyList<Row> Rows()
    {
        string file = Directory.GetFiles(GoldenData.Path("rlhfv", "g_data", "tsv"), "rlhfv_0-*.tsv").Single();
        return [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line =>
        {
            string[] fields = line.Split('\t');
            string[] texts = JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(Convert.FromBase64String(fields[2])))!;
            return new Row(texts[0], texts[1], texts[2], ImageSource.FromBytes(Convert.FromBase64String(fields[1]), fields[6]));
        })];
    }

    /// <summary>Largest difference to stored values.</summary>
    public static double Difference(GoldenTensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.shape);
        using Tensor difference = (actual.detach().to(ScalarType.Float64) - tensor(expected.ToDoubles(), expected.Shape)).abs().max();
        return difference.item<double>();
    }

    /// <summary>Changes the folder's configuration, before the model is loaded.</summary>
    public void EditConfig(Action<JsonObject> edit)
    {
        string file = Path.Combine(Folder, "config.json");
        var json = (JsonObject)JsonNode.Parse(File.ReadAllText(file))!;
        edit(json);
        File.WriteAllText(file, json.ToJsonString());
    }

    public void Dispose()
    {
        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    internal sealed record Row(string Question, string Chosen, string Rejected, ImageSource Image)
    {
        public Prompt Prompt => Prompt.Ask(Question, Image);
    }
}
