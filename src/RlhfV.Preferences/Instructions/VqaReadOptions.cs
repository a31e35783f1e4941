namespace RlhfV.Preferences;

/// <summary>How <see cref="VqaInstructionFile.Read"/> reads.</summary>
public sealed record VqaReadOptions
{
    /// <summary>What LLaVA-1.5 (arXiv 2310.03744) appends to questions so that short answers are right answers.</summary>
    public const string DefaultPromptSuffix = "\nAnswer the question using a single word or phrase.";

    /// <summary>Appended to every question. The default is <see cref="DefaultPromptSuffix"/>; empty appends nothing.</summary>
    public string PromptSuffix { get; init; } = DefaultPromptSuffix;

    /// <summary>
    /// The picture's path below <see cref="ImageRoot"/> by its <c>image_id</c>. Null, the default, is COCO's name with the questions file's
    /// <c>data_subtype</c>, for example <c>COCO_train2014_000000262148.jpg</c>.
    /// </summary>
    public Func<long, string>? ImagePath { get; init; }

    /// <summary>
    /// The folder of the pictures. Null, the default, is the folder of the questions file. A path that leads out of it is refused.
    /// </summary>
    public string? ImageRoot { get; init; }

    /// <summary>
    /// What to do with pictures. The default is <see cref="ImageLoading.Path"/>, since VQAv2's would not fit into memory: that they exist
    /// and are pictures is checked, and nothing is kept of them.
    /// </summary>
    public ImageLoading Images { get; init; } = ImageLoading.Path;

    /// <summary>Told the number of the question that is being read, every hundred. Null, the default, tells nobody.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>
    /// Called for each bad question or annotation, which is then left out. Null, the default, throws at the first. Problems of a whole file
    /// are thrown in either case.
    /// </summary>
    public Action<PreferenceDataException>? OnBadRow { get; init; }
}
