using Microsoft.ML.Transforms;
using RlhfV.ML.Captioning;

namespace RlhfV.ML.Saving;

/// <summary>
/// Answers rows inside a model that ML.NET's own loader brought. ML.NET finds it by its contract and makes it; the manifest comes with each
/// row, and the model is loaded with the first.
/// </summary>
/// <typeparam name="TRow">The form of the picture.</typeparam>
internal abstract class CaptionMapping<TRow> : CustomMappingFactory<TRow, CarriedAnswer>
    where TRow : CarriedRow, new()
{
    private readonly Lock _gate = new();
    private volatile LoadedCaptioner? _loaded;

    public override Action<TRow, CarriedAnswer> GetMapping() => Map;

    private void Map(TRow source, CarriedAnswer target)
    {
        LoadedCaptioner loaded = Load(source.Manifest.Span);
        var request = CaptionRequest.Read(row: null, source.Prompt.ToString(), () => source.Open(loaded.ImageFolder));
        target.Text = loaded.Captioner.Answer([request])[0];
    }

    // One mapping object serves one loaded transformer, so the manifest is the same in every row.
    private LoadedCaptioner Load(ReadOnlySpan<char> manifest)
    {
        if (_loaded is { } known && manifest.SequenceEqual(known.ManifestText))
            return known;
        lock (_gate)
        {
            if (_loaded is not { } loaded || !manifest.SequenceEqual(loaded.ManifestText))
                _loaded = loaded = LoadedCaptioner.Load(manifest.ToString());
            return loaded;
        }
    }
}
