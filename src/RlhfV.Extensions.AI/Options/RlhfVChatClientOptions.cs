using Microsoft.Extensions.Options;
using RlhfV.Models;
using static TorchSharp.torch;

namespace RlhfV.Extensions.AI;

/// <summary>
/// Which model an <see cref="RlhfVChatClient"/> serves and what it lets a request ask for. A client copies the options when it is made.
/// </summary>
/// <remarks>
/// Registered from configuration, changes take effect while the application runs, for requests that come afterwards; those of
/// <see cref="ModelPath"/>, <see cref="VisionTowerFolder"/>, <see cref="AdapterPath"/>, <see cref="ModelId"/>, <see cref="Device"/> and
/// <see cref="Precision"/> wait for the next start.
/// </remarks>
public sealed class RlhfVChatClientOptions
{
    /// <summary>Name of the configuration section that holds the options of an unnamed client; named ones stand below it by their name.</summary>
    public const string SectionName = "RlhfV";

    /// <summary>
    /// Folder of the model in the Hugging Face layout. Required by <c>AddRlhfVChatClient</c>; without effect on a client that is given a
    /// loaded model.
    /// </summary>
    public string? ModelPath { get; set; }

    /// <summary>
    /// Folder of the vision tower, for a model in LLaVA's original layout whose tower is a download of its own. Without effect on a client that is given a
    /// loaded model. <value>The default is null: it is looked for inside the model's folder and beside it, by the name that its <c>config.json</c> gives in
    /// <c>mm_vision_tower</c>.</value>
    /// </summary>
    public string? VisionTowerFolder { get; set; }

    /// <summary>
    /// Folder of a LoRA adapter in PEFT's layout, learned for the model of <see cref="ModelPath"/>, whose corrections are added to the weights when they
    /// are loaded. Without effect on a client that is given a loaded model. <value>The default is null: the model as it is.</value>
    /// </summary>
    public string? AdapterPath { get; set; }

    /// <summary>
    /// The name by which requests may ask for the model and by which telemetry speaks of it. <value>The default is null: the name of the
    /// model's folder.</value>
    /// </summary>
    public string? ModelId { get; set; }

    /// <summary>
    /// Where the model runs: <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>. Without effect on a client that is given a loaded model.
    /// <value>The default is <c>cpu</c>.</value>
    /// </summary>
    public string Device { get; set; } = "cpu";

    /// <summary>
    /// Element type of weights and computation. Without effect on a client that is given a loaded model.
    /// <value>The default is <see cref="ModelPrecision.Auto"/>.</value>
    /// </summary>
    public ModelPrecision Precision { get; set; }

    /// <summary>How answers are decoded where a request says nothing.</summary>
    [ValidateObjectMembers]
    public GenerationDefaults Generation { get; set; } = new();

    /// <summary>
    /// What the model is told before every conversation that brings no instructions of its own. <value>The default is null: what the
    /// model's chat template says.</value>
    /// </summary>
    public string? Instructions { get; set; }

    /// <summary>Most pictures of a conversation, 0 to 1,000. <value>The default is 8.</value></summary>
    [Expected(0, 1_000)]
    public int MaxImages { get; set; } = 8;

    /// <summary>Most bytes of one encoded picture, 1 to 1,073,741,824. <value>The default is 20,971,520 (20 MiB).</value></summary>
    [Expected(1, 1_073_741_824)]
    public long MaxImageBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>
    /// Most pixels (width x height) of one picture, 1 to 64,000,000, checked before memory is reserved for them.
    /// <value>The default is 64,000,000: up to 450 MB while decoding.</value>
    /// </summary>
    [Expected(1, 64_000_000)]
    public long MaxImagePixels { get; set; } = 64_000_000;

    /// <summary>
    /// How many times as long as the other a picture's longer edge may be, 1 to 65,535: of a picture like a thread, a model sees a few smeared pixels.
    /// <value>The default is 200.</value>
    /// </summary>
    [Expected(1, 65_535)]
    public int MaxAspectRatio { get; set; } = 200;

    /// <summary>
    /// Folder whose pictures messages may name by <c>file:</c> addresses (<c>UriContent</c>); other files are refused.
    /// <value>The default is null: no file may be named, only pictures sent as <c>DataContent</c> are taken.</value>
    /// </summary>
    public string? ImageFolder { get; set; }

    /// <summary>
    /// Pictures whose features are remembered, so that the picture of a conversation is encoded once and not with every question; 0 to 10,000, 0 remembers
    /// none. A picture of LLaVA-1.5-7B takes 9.4 MB in fp32. <value>The default is 16.</value>
    /// </summary>
    [Expected(0, 10_000)]
    public int ImageCacheSize { get; set; } = 16;

    /// <summary>
    /// Most requests that are answered at the same time, 1 to 1,024. More raise the throughput, the time between two tokens of each answer, and the memory
    /// for keys and values. <value>The default is 8.</value>
    /// </summary>
    [Expected(1, 1_024)]
    public int MaxBatch { get; set; } = 8;

    /// <summary>Most requests that may wait for the worker; further ones are refused. 1 to 100,000. <value>The default is 64.</value></summary>
    [Expected(1, 100_000)]
    public int QueueLength { get; set; } = 64;

    internal string ServedModelId =>
        ModelId ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(ModelPath ?? ".")));

    internal VisionLanguageModelOptions LoadOptions => new()
    {
        Device = Device,
        VisionTowerFolder = VisionTowerFolder,
        AdapterPath = AdapterPath,
        ComputeType = Precision switch
        {
            ModelPrecision.Auto => null,
            ModelPrecision.Float32 => ScalarType.Float32,
            ModelPrecision.BFloat16 => ScalarType.BFloat16,
            ModelPrecision.Float16 => ScalarType.Float16,
            _ => throw new ArgumentOutOfRangeException(nameof(Precision), Precision, "The precision is none of the named ones."),
        },
    };

    internal RlhfVChatClientOptions Copy()
    {
        var copy = (RlhfVChatClientOptions)MemberwiseClone();
        copy.Generation = Generation.Copy();
        return copy;
    }
}
