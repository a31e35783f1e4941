namespace RlhfV.Preferences;

/// <summary>The file formats this package knows.</summary>
public static class PreferenceFormats
{
    /// <summary>
    /// RLHF-V-Dataset: parquet of seven columns, the answers as JSON in the column <c>text</c>, with or without <c>logps</c>.
    /// </summary>
    public static IPreferenceFormat RlhfVParquet { get; } = new RlhfVParquetFormat();

    /// <summary>RLAIF-V-Dataset: parquet with the answers in columns of their own.</summary>
    public static IPreferenceFormat RlaifVParquet { get; } = new RlaifVParquetFormat();

    /// <summary>
    /// LLaMA-Factory's ranking data in ShareGPT form: JSON with <c>conversations</c>, <c>chosen</c>, <c>rejected</c>, pictures as files.
    /// </summary>
    public static IPreferenceFormat LlamaFactory { get; } = new LlamaFactoryFormat();

    /// <summary>
    /// TRL's conversational preferences: JSON lines with pictures as files; parquet files of the same layout are read too.
    /// </summary>
    public static IPreferenceFormat Trl { get; } = new TrlFormat();

    /// <summary>
    /// Muffin's older layout: seven columns separated by tabs, picture and answers in base64, with an index of line offsets.
    /// </summary>
    public static IPreferenceFormat MuffinTsv { get; } = new MuffinTsvFormat();

    /// <summary>Our own JSON lines: one <see cref="PreferenceExample"/> a line, nothing is lost.</summary>
    public static IPreferenceFormat JsonLines { get; } = new JsonLinesFormat();

    /// <summary>All formats, in the order in which they are tried.</summary>
    public static IReadOnlyList<IPreferenceFormat> All { get; } = [RlhfVParquet, RlaifVParquet, JsonLines, Trl, LlamaFactory, MuffinTsv];

    /// <summary>Recognises a file's format by its content.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="PreferenceDataException">The content is of no known format.</exception>
    public static IPreferenceFormat Detect(string path)
    {
        PreferenceFileHead head = PreferenceFileHead.Read(path);
        return All.FirstOrDefault(format => format.Recognizes(head))
            ?? throw new PreferenceDataException(
                path, null, null,
                $"is of no known format: {head.Describe()}. Known are {string.Join(", ", All.Select(format => format.Name))}.");
    }

    /// <summary>The format that is usual for a file name.</summary>
    /// <param name="path">The file's path; it need not exist.</param>
    /// <exception cref="ArgumentException">No format has this extension.</exception>
    public static IPreferenceFormat ForExtension(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string extension = Path.GetExtension(path);
        return All.FirstOrDefault(format => string.Equals(format.Extension, extension, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"No format goes with the extension '{extension}' of '{path}'. Use one of "
                + $"{string.Join(", ", All.Select(format => format.Extension).Distinct())}, or name the format in the options.",
                nameof(path));
    }
}
