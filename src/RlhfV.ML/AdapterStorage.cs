namespace RlhfV.ML;

/// <summary>Where <see cref="VisionLanguageCatalog.SaveTransformer"/> puts what low-rank adaptation learned.</summary>
public enum AdapterStorage
{
    /// <summary>Into the weights: one whole model beside the zip, which needs nothing else.</summary>
    Merged,

    /// <summary>
    /// Into the zip, in PEFT's layout, at most 64 MiB. The base model's weights stay where they are and are found by name and hash. Only
    /// <see cref="VisionLanguageCatalog.LoadTransformer"/> reads such a zip.
    /// </summary>
    InsideZip,
}
