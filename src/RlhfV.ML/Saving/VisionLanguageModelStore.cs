using RlhfV.ML.Saving;
using RlhfV.Models;

namespace RlhfV.ML;

/// <summary>
/// Where the weights of saved transformers are looked for. ML.NET's zip holds a manifest of them, not the weights themselves, and ML.NET
/// does not tell a component which zip it comes from; so what cannot be handed over through <c>mlContext.Model.Load</c> is set here, for
/// the whole process.
/// </summary>
/// <remarks>
/// <para>
/// Places are tried in this order, and the first that holds every file with the right SHA-256 is used: beside the zip (only
/// <see cref="VisionLanguageCatalog.LoadTransformer"/> knows it), the <see cref="Roots"/>, the folders of <see cref="EnvironmentVariable"/>, the
/// current directory, the application's own folder. In each, the folder is looked for under the path and under the name it had when the
/// transformer was saved. The last place is the full path it had, when it lay outside the current directory then.
/// </para>
/// <para>Only load models from sources you trust. Weights are read as data; no code of a model is ever run.</para>
/// </remarks>
public static class VisionLanguageModelStore
{
    /// <summary>Name of the environment variable with folders, separated as in PATH, in which model folders lie.</summary>
    public const string EnvironmentVariable = "RLHFV_MODEL_ROOT";

    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Files, VisionLanguageModelOptions? Options), WeakReference<VisionLanguageModel>> Loaded = [];
    private static IReadOnlyList<string> _roots = [];

    /// <summary>Folders in which model folders lie, in the order in which they are tried.</summary>
    public static IReadOnlyList<string> Roots
    {
        get
        {
            lock (Gate)
                return _roots;
        }
    }

    /// <summary>Device and precision of models that <c>mlContext.Model.Load</c> brings; read when their first row is answered.</summary>
    /// <value>The default is null: CPU and fp32.</value>
    public static VisionLanguageModelOptions? Options { get; set; }

    /// <summary>Adds a folder in which model folders lie.</summary>
    /// <param name="folder">The folder; it need not exist yet. Adding it again does nothing.</param>
    public static void AddRoot(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string full = Path.GetFullPath(folder);
        lock (Gate)
            _roots = _roots.Contains(full) ? _roots : [.. _roots, full];
    }

    /// <summary>Loads a manifest's model for its new owner.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="beside">The folder of the zip, or null when it is not known.</param>
    /// <param name="options">Device and precision.</param>
    /// <exception cref="FileNotFoundException">No place holds the model, or only with altered files; the message lists all places and reasons.</exception>
    internal static VisionLanguageModel Load(CaptionManifest manifest, string? beside, VisionLanguageModelOptions? options) =>
        VisionLanguageModel.Load(Locate(manifest, beside), options);

    /// <summary>
    /// The model of a manifest for mappings that ML.NET loaded, which nobody can dispose. All of equal options share it, and it goes to the garbage
    /// collector with the last.
    /// </summary>
    /// <exception cref="FileNotFoundException">No place holds the model, or only with altered files; the message lists all places and reasons.</exception>
    internal static VisionLanguageModel Share(CaptionManifest manifest)
    {
        // Options that were changed in between ask for another model: weights on another device, or of another precision.
        (string, VisionLanguageModelOptions? Options) key = (string.Join('|', manifest.Files.Select(file => $"{file.Name}:{file.Sha256}")), Options);
        lock (Gate)
        {
            if (Loaded.TryGetValue(key, out WeakReference<VisionLanguageModel>? known) && known.TryGetTarget(out VisionLanguageModel? model))
                return model;
            model = VisionLanguageModel.Load(Locate(manifest, beside: null), key.Options);
            Loaded[key] = new WeakReference<VisionLanguageModel>(model);
            return model;
        }
    }

    private static string Locate(CaptionManifest manifest, string? beside)
    {
        var tried = new List<string>();
        foreach (string place in Places(manifest, beside).Distinct())
        {
            if (ModelContents.FindDifference(place, manifest.Files) is not { } reason)
                return place;
            tried.Add($"'{place}': {reason}");
        }

        throw new FileNotFoundException(
            $"The weights of the saved transformer (folder '{manifest.Name}') were found nowhere as they were saved. Tried {string.Join("; ", tried)}. "
            + $"Put the folder into the current directory or beside the application, name its parent in {EnvironmentVariable} or "
            + $"{nameof(VisionLanguageModelStore)}.{nameof(AddRoot)}, or load with mlContext.VisionLanguage.LoadTransformer, which looks beside the zip.",
            manifest.Name);
    }

    private static IEnumerable<string> Places(CaptionManifest manifest, string? beside)
    {
        string[] named = Environment.GetEnvironmentVariable(EnvironmentVariable)
            ?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        IEnumerable<string> roots =
            [.. beside is null ? [] : (string[])[beside], .. Roots, .. named, Environment.CurrentDirectory, AppContext.BaseDirectory];
        bool isRelative = !Path.IsPathRooted(manifest.Folder);
        foreach (string root in roots)
        {
            if (isRelative)
                yield return Path.GetFullPath(Path.Combine(root, manifest.Folder));
            yield return Path.GetFullPath(Path.Combine(root, manifest.Name));
        }

        if (!isRelative)
            yield return Path.GetFullPath(manifest.Folder);
    }
}
