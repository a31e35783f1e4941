using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using RlhfV.Models;

namespace RlhfV.ML.Saving;

/// <summary>Writes and reads transformers together with the models they ask.</summary>
/// <param name="mlContext">The context.</param>
internal sealed class TransformerFile(MLContext mlContext)
{
    private const long LargestAdapter = 64L << 20;

    /// <summary>Writes the models into folders beside the zip, then the zip.</summary>
    public void Save(ITransformer transformer, DataViewSchema? inputSchema, string path, AdapterStorage adapters)
    {
        string full = Path.GetFullPath(path);
        if (Path.GetFileNameWithoutExtension(full) is var stem && (stem.Length == 0 || stem == Path.GetFileName(full)))
        {
            throw new ArgumentException(
                $"'{path}' has no name with an extension; expected one such as 'captions.zip', because the model's folder takes the name without it.",
                nameof(path));
        }

        // Told before gigabytes are written, and before an older model beside the zip is replaced.
        if (Parts(transformer).OfType<ReferenceLogProbsTransformer>().Any())
            throw ReferenceLogProbsTransformer.CannotBeSaved();

        // What ML.NET's own loader brought asks a model as well, which would stay where it lies.
        var restored = new List<CaptionTransformer>();
        try
        {
            Write(RestoreAll(transformer, zip: null, VisionLanguageModelStore.Options, restored), inputSchema, full, adapters);
        }
        finally
        {
            restored.ForEach(one => one.Dispose());
        }
    }

    /// <summary>Reads a zip; caption transformers come back whole, with models of their own.</summary>
    public ITransformer Load(string path, out DataViewSchema inputSchema, VisionLanguageModelOptions? options)
    {
        string full = Path.GetFullPath(path);
        var restored = new List<CaptionTransformer>();
        try
        {
            return RestoreAll(mlContext.Model.Load(full, out inputSchema), full, options, restored);
        }
        catch
        {
            restored.ForEach(one => one.Dispose());
            throw;
        }
    }

    private void Write(ITransformer transformer, DataViewSchema? inputSchema, string full, AdapterStorage adapters)
    {
        CaptionTransformer[] all = [.. Parts(transformer).OfType<CaptionTransformer>()];
        CaptionTransformer[] inside = adapters == AdapterStorage.InsideZip ? [.. all.Where(t => t.Adapter is not null)] : [];
        if (adapters == AdapterStorage.InsideZip)
            CheckAdapters(inside);
        SaveModels(all.Except(inside), full);
        string temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            foreach (CaptionTransformer one in inside)
                one.SavesAdapter = true;
            mlContext.Model.Save(transformer, Storable(inputSchema), temporary);
            foreach (LearnedAdapter adapter in inside.Select(one => one.Adapter!))
                AdapterEntries.Add(temporary, adapter.Folder, ModelContents.Describe(adapter.Folder));
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            foreach (CaptionTransformer one in inside)
                one.SavesAdapter = false;
            File.Delete(temporary);
        }
    }

    private static void CheckAdapters(CaptionTransformer[] inside)
    {
        if (inside.Length == 0)
        {
            throw new InvalidOperationException(
                "There is no adapter to put into the zip: nothing was trained with LoRA on a model that was loaded from a folder. "
                + $"Use {nameof(AdapterStorage)}.{nameof(AdapterStorage.Merged)}.");
        }

        long bytes = inside.Select(one => one.Adapter!.Folder).Distinct()
            .Sum(folder => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length));
        if (bytes > LargestAdapter)
        {
            throw new InvalidOperationException(
                $"The adapter takes {bytes >> 20} MiB; expected at most {LargestAdapter >> 20} inside a zip. "
                + $"Use {nameof(AdapterStorage)}.{nameof(AdapterStorage.Merged)}, or a smaller rank.");
        }
    }

    private static VisionLanguageModel LoadWithAdapter(CaptionManifest manifest, string? zip, VisionLanguageModelOptions? options)
    {
        string? beside = Path.GetDirectoryName(zip);
        if (manifest.AdapterFiles is not { } files)
            return VisionLanguageModelStore.Load(manifest, beside, options);
        if (zip is null)
            throw LoadedCaptioner.AdapterNotShown();

        // Merged while weights are read, so the files are needed no longer than that.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("rlhfv-adapter-");
        try
        {
            AdapterEntries.Extract(zip, files, folder.FullName);
            return VisionLanguageModelStore.Load(manifest, beside, (options ?? new()) with { AdapterPath = folder.FullName });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // ML.NET leaves image columns out of the schema it stores, and fails when nothing is left.
    private static DataViewSchema? Storable(DataViewSchema? schema) =>
        schema is null || schema.All(column => column.Type is ImageDataViewType) ? null : schema;

    private static IEnumerable<ITransformer> Parts(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [transformer];

    private static void SaveModels(IEnumerable<CaptionTransformer> transformers, string zip)
    {
        string stem = Path.Combine(Path.GetDirectoryName(zip)!, Path.GetFileNameWithoutExtension(zip));
        int number = 0;
        foreach (VisionLanguageModel model in transformers.Select(t => t.Model).DistinctBy(model => model.Network))
        {
            number++;
            string folder = number == 1 ? stem : $"{stem}-{number}";
            if (model.Folder == folder)
                continue;
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                RequireOlderSave(folder, zip);
            model.Save(folder);
        }
    }

    /// <summary>What stands where the weights go is replaced only where it was saved with a zip of this name: a base model may lie there.</summary>
    private static void RequireOlderSave(string folder, string zip)
    {
        if (!File.Exists(Path.Combine(folder, "config.json")))
        {
            throw new IOException(
                $"The weights would go to '{folder}', where something lies that is no model; it would be replaced. Choose another name for the zip.");
        }

        if (!File.Exists(zip))
        {
            throw new IOException(
                $"The weights would go to '{folder}', where a model lies that was not saved with '{Path.GetFileName(zip)}'; it would be replaced. "
                + "Choose another name for the zip, or delete the folder.");
        }
    }

    /// <summary>Makes caption transformers of the chains that carry them; all else stays as it is.</summary>
    /// <param name="transformer">What ML.NET loaded, or any other transformer.</param>
    /// <param name="zip">Where it was loaded from; null when that is not known.</param>
    /// <param name="options">Device and precision.</param>
    /// <param name="restored">Filled with what was made; the caller's to dispose.</param>
    private ITransformer RestoreAll(ITransformer transformer, string? zip, VisionLanguageModelOptions? options, List<CaptionTransformer> restored)
    {
        var models = new Dictionary<string, VisionLanguageModel>();
        try
        {
            return Restore(transformer);
        }
        finally
        {
            // Every transformer took a reference of its own.
            foreach (VisionLanguageModel model in models.Values)
                model.Dispose();
        }

        ITransformer Restore(ITransformer part)
        {
            if (part is not TransformerChain<ITransformer> chain)
                return part;
            if (CaptionCarrier.FindManifest(mlContext, chain) is not { } manifest)
            {
                ITransformer[] parts = [.. chain.Select(Restore)];
                return parts.SequenceEqual(chain) ? chain : new TransformerChain<ITransformer>(parts);
            }

            string key = string.Join('|', manifest.Files.Concat(manifest.AdapterFiles ?? []).Select(file => file.Sha256));
            if (!models.TryGetValue(key, out VisionLanguageModel? model))
                models[key] = model = LoadWithAdapter(manifest, zip, options);
            restored.Add(new CaptionTransformer(mlContext, model.AddReference(), manifest.ToOptions(), manifest.ImageKind));
            return restored[^1];
        }
    }
}
