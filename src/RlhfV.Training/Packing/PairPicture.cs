using RlhfV.Models.Images;

namespace RlhfV.Training.Packing;

/// <summary>A picture of a pair: known by its content, preprocessed when it is needed.</summary>
/// <param name="key">Names the content; equal keys mean equal pictures.</param>
/// <param name="process">Decodes and preprocesses the picture; may be called more than once.</param>
public sealed class PairPicture(string key, Func<ProcessedImage> process)
{
    /// <summary>Names the content; equal keys mean equal pictures.</summary>
    public string Key { get; } = key;

    /// <summary>Decodes and preprocesses the picture.</summary>
    public ProcessedImage Process() => process();
}
