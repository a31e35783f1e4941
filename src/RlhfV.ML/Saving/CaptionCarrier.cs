using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using RlhfV.ML.Columns;

namespace RlhfV.ML.Saving;

/// <summary>
/// The form in which a caption transformer lies in ML.NET's zip. A component from outside Microsoft cannot write there itself, so it saves
/// a chain of stock parts instead that does the same: the manifest as a constant column, the user's columns copied to private names, a
/// custom mapping that ML.NET finds by its contract, the answer copied to the user's name, the private columns dropped.
/// </summary>
internal static class CaptionCarrier
{
    /// <summary>Writes the chain.</summary>
    /// <exception cref="InvalidOperationException">The model lies in no folder.</exception>
    public static void Save(MLContext mlContext, CaptionTransformer transformer, ModelSaveContext context) =>
        ((ICanSaveModel)Build(mlContext, CaptionManifest.Of(transformer))).Save(context);

    /// <summary>The manifest that a loaded chain carries, or null when the chain is no saved caption transformer.</summary>
    /// <exception cref="InvalidDataException">The manifest cannot be read.</exception>
    public static CaptionManifest? FindManifest(MLContext mlContext, TransformerChain<ITransformer> chain)
    {
        ITransformer[] parts = [.. chain];
        if (parts is not [CustomMappingTransformer<EmptyRow, BlankRow> blank, ExpressionTransformer constant, ..])
            return null;
        IDataView data = constant.Transform(blank.Transform(mlContext.Data.LoadFromEnumerable([new TextRow()])));
        return CaptionManifest.FromText(data.GetColumn<string>(CarrierColumns.Manifest).Single());
    }

    private static TransformerChain<ITransformer> Build(MLContext mlContext, CaptionManifest manifest)
    {
        TransformsCatalog transforms = mlContext.Transforms;
        var parts = new List<ITransformer>();
        IDataView data = Example(mlContext, manifest);
        Add(transforms.CustomMapping<EmptyRow, BlankRow>(BlankMapping.Map, BlankMapping.Contract));
        Add(transforms.Expression(CarrierColumns.Manifest, $"(x) : \"{manifest.ToText()}\"", CarrierColumns.Blank));
        Add(transforms.CopyColumns(CarrierColumns.Image, manifest.ImageColumnName));
        Add(transforms.CopyColumns(CarrierColumns.Prompt, manifest.PromptColumnName ?? CarrierColumns.Blank));
        Add(Mapping(transforms, manifest.ImageKind));
        Add(transforms.CopyColumns(manifest.OutputColumnName, CarrierColumns.Answer));
        Add(transforms.DropColumns(
            CarrierColumns.Blank, CarrierColumns.Manifest, CarrierColumns.Image, CarrierColumns.Prompt, CarrierColumns.Answer));
        return new TransformerChain<ITransformer>([.. parts]);

        void Add(IEstimator<ITransformer> estimator)
        {
            parts.Add(estimator.Fit(data));
            data = parts[^1].Transform(data);
        }
    }

    private static IEstimator<ITransformer> Mapping(TransformsCatalog transforms, ImageColumnKind kind) => kind switch
    {
        ImageColumnKind.Pixels => transforms.CustomMapping(new CaptionPixelsMapping().GetMapping(), CaptionPixelsMapping.Contract),
        ImageColumnKind.Bytes => transforms.CustomMapping(new CaptionBytesMapping().GetMapping(), CaptionBytesMapping.Contract),
        ImageColumnKind.Path => transforms.CustomMapping(new CaptionPathMapping().GetMapping(), CaptionPathMapping.Contract),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such form of picture."),
    };

    /// <summary>A row with the user's columns, which stock estimators want to see. Nothing of it is computed.</summary>
    private static IDataView Example(MLContext mlContext, CaptionManifest manifest) => manifest.ImageKind switch
    {
        ImageColumnKind.Pixels => Example<CarriedPixels>(mlContext, manifest),
        ImageColumnKind.Bytes => Example<CarriedBytes>(mlContext, manifest),
        _ => Example<CarriedPath>(mlContext, manifest),
    };

    private static IDataView Example<TRow>(MLContext mlContext, CaptionManifest manifest)
        where TRow : CarriedRow, new()
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        definition[CarrierColumns.Image].ColumnName = manifest.ImageColumnName;
        definition[CarrierColumns.Prompt].ColumnName = manifest.PromptColumnName ?? CarrierColumns.Prompt;
        definition.Remove(definition[CarrierColumns.Manifest]);
        return mlContext.Data.LoadFromEnumerable([new TRow()], definition);
    }
}
