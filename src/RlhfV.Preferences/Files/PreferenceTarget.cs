namespace RlhfV.Preferences;

/// <summary>A file that is being written: its path, the options, and the checks that all formats share.</summary>
public sealed class PreferenceTarget
{
    private readonly ImageFolder? _sourceImages;

    /// <summary>Makes a target.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="options">How to write.</param>
    /// <exception cref="DirectoryNotFoundException">The file's folder does not exist.</exception>
    public PreferenceTarget(string path, PreferenceWriteOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        Path = System.IO.Path.GetFullPath(path);
        Options = options;
        Folder = System.IO.Path.GetDirectoryName(Path)!;
        if (!Directory.Exists(Folder))
            throw new DirectoryNotFoundException($"The folder '{Folder}' for the file '{path}' does not exist. Create it first.");
        _sourceImages = options.ImageRoot is { } root ? new ImageFolder(root) : null;
    }

    /// <summary>The file to write, as a full path.</summary>
    public string Path { get; }

    /// <summary>The folder of the file.</summary>
    public string Folder { get; }

    /// <summary>How to write.</summary>
    public PreferenceWriteOptions Options { get; }

    /// <summary>Checks that an example can be stored and read again by a format that has room for one picture.</summary>
    /// <param name="row">Its number, the first being 1.</param>
    /// <param name="example">The example.</param>
    /// <exception cref="PreferenceDataException">It cannot, or has several pictures.</exception>
    public void Check(long row, PreferenceExample example) => Check(row, example, maximumPictures: 1);

    /// <summary>Checks that an example can be stored and read again.</summary>
    /// <param name="row">Its number, the first being 1.</param>
    /// <param name="example">The example.</param>
    /// <param name="maximumPictures">How many pictures of an example the format has room for; 1 or more.</param>
    /// <exception cref="PreferenceDataException">It cannot, or has more pictures: none is ever left out in silence.</exception>
    public void Check(long row, PreferenceExample example, int maximumPictures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumPictures, 1);
        if (example is null)
            throw Bad(row, null, "the example is null.");
        if (ExampleRules.Check(example) is { } fault)
            throw Bad(row, fault.Column, fault.Reason);
        if (example.Images is { Count: var pictures } && pictures > maximumPictures)
        {
            throw Bad(
                row, "image",
                $"the example has {pictures} pictures, and the format has room for {maximumPictures}. "
                + $"Write {PreferenceFormats.JsonLines.Name}, {PreferenceFormats.Trl.Name} or {PreferenceFormats.LlamaFactory.Name}.");
        }
    }

    /// <summary>Refuses a storage of pictures that the format cannot have.</summary>
    /// <param name="only">The storage that the format has.</param>
    /// <param name="format">The format's name.</param>
    /// <exception cref="ArgumentException">The options ask for another.</exception>
    public void RequireStorage(ImageStorage only, string format)
    {
        if (Options.Images is { } asked && asked != only)
            throw new ArgumentException(
                $"{format} stores pictures as {only} only; the options ask for {asked}. Leave the option unset.", nameof(Options.Images));
    }

    /// <summary>The bytes of an example's picture, read from its path when they are not at hand.</summary>
    /// <param name="row">The example's number, the first being 1.</param>
    /// <param name="image">The picture.</param>
    /// <exception cref="PreferenceDataException">There are no bytes, or they begin no known picture.</exception>
    public ReadOnlyMemory<byte> LoadImage(long row, PreferenceImage image) => LoadImage(row, image, prefix: "");

    /// <summary>The bytes of one of an example's pictures.</summary>
    /// <param name="row">The example's number, the first being 1.</param>
    /// <param name="image">The picture.</param>
    /// <param name="prefix">What stands before a message: which picture of the example it is.</param>
    /// <exception cref="PreferenceDataException">There are no bytes, or they begin no known picture.</exception>
    internal ReadOnlyMemory<byte> LoadImage(long row, PreferenceImage image, string prefix)
    {
        ArgumentNullException.ThrowIfNull(image);
        ReadOnlyMemory<byte> bytes = image.Bytes ?? ReadFile(row, image.Path, prefix);
        return ImageSignature.MediaType(bytes.Span) is not null
            ? bytes
            : throw Bad(
                row, "image",
                $"{prefix}the picture of {bytes.Length} bytes is of no known format. Expected PNG, JPEG, GIF, BMP, WebP or TIFF.");
    }

    /// <summary>Makes the exception for an example that cannot be stored.</summary>
    /// <param name="row">Its number, the first being 1.</param>
    /// <param name="column">The part that is wrong.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="innerException">The cause, or null.</param>
    public PreferenceDataException Bad(long row, string? column, string reason, Exception? innerException = null) =>
        new(Path, row, column, reason, innerException);

    private byte[] ReadFile(long row, string? name, string prefix)
    {
        if (name is not { Length: > 0 })
            throw Bad(row, "image", $"{prefix}has neither bytes nor a path.");
        try
        {
            return File.ReadAllBytes(_sourceImages?.Resolve(name) ?? name);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Bad(row, "image", $"{prefix}the picture '{name}' cannot be read: {problem.Message}", problem);
        }
    }
}
