using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using RlhfV.Models;

namespace RlhfV.ML.Saving;

/// <summary>Writes and reads transformers together with the models they ask.</summary>
/// <param name="mlContext">The context.</param>
internal sealed class TransformerFile(MLContext mlContext)
{
    /// <summary>Writes the models into folders beside the zip, then the zip.</summary>
    public void Save(ITransformer transformer, DataViewSchema? inputSchema, string path)
    {
        string full = Path.GetFullPath(path);
        SaveModels(CaptionTransformers(transformer), full);
        string temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            mlContext.Model.Save(transformer, Storable(inputSchema), temporary);
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Reads a zip; caption transformers come back whole, with models of their own.</summary>
    public ITransformer Load(string path, out DataViewSchema inputSchema, VisionLanguageModelOptions? options)
    {
        string full = Path.GetFullPath(path);
        ITransformer loaded = mlContext.Model.Load(full, out inputSchema);
        var models = new Dictionary<string, VisionLanguageModel>();
        try
        {
            return Restore(loaded, Path.GetDirectoryName(full)!, options, models);
        }
        finally
        {
            // Every transformer took a reference of its own.
            foreach (VisionLanguageModel model in models.Values)
                model.Dispose();
        }
    }

    // ML.NET leaves image columns out of the schema it stores, and fails when nothing is left.
    private static DataViewSchema? Storable(DataViewSchema? schema) =>
        schema is null || schema.All(column => column.Type is ImageDataViewType) ? null : schema;

    private static IEnumerable<CaptionTransformer> CaptionTransformers(ITransformer transformer) => transformer switch
    {
        CaptionTransformer one => [one],
        IEnumerable<ITransformer> chain => chain.SelectMany(CaptionTransformers),
        _ => [],
    };

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
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() && !File.Exists(Path.Combine(folder, "config.json")))
            {
                throw new IOException(
                    $"The weights would go to '{folder}', where something lies that is no model; it would be replaced. Choose another name for the zip.");
            }

            model.Save(folder);
        }
    }

    private ITransformer Restore(
        ITransformer transformer, string beside, VisionLanguageModelOptions? options, Dictionary<string, VisionLanguageModel> models)
    {
        if (transformer is not TransformerChain<ITransformer> chain)
            return transformer;
        if (CaptionCarrier.FindManifest(mlContext, chain) is not { } manifest)
            return new TransformerChain<ITransformer>([.. chain.Select(part => Restore(part, beside, options, models))]);

        string key = string.Join('|', manifest.Files.Select(file => file.Sha256));
        if (!models.TryGetValue(key, out VisionLanguageModel? model))
            models[key] = model = VisionLanguageModelStore.Load(manifest, beside, options);
        return new CaptionTransformer(mlContext, model.AddReference(), manifest.ToOptions(), manifest.ImageKind);
    }
}
