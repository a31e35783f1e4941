using System.Diagnostics.CodeAnalysis;

namespace RlhfV.Preferences;

/// <summary>A file that is being read: its path, the options, and the checks and reports that all formats share.</summary>
public sealed class PreferenceSource
{
    /// <summary>Often enough for a person who waits, seldom enough to cost nothing.</summary>
    private const int RowsPerReport = 100;

    private readonly ImageFolder _images;

    /// <summary>Makes a source.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read.</param>
    public PreferenceSource(string path, PreferenceReadOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        Path = path;
        Options = options;
        _images = new ImageFolder(options.ImageRoot ?? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How to read.</summary>
    public PreferenceReadOptions Options { get; }

    /// <summary>Number of the row that <see cref="TryRead"/> read last, the first being 1.</summary>
    public long Row { get; private set; }

    /// <summary>Reads one row; a bad one is reported and left out, or ends the reading, as the options say.</summary>
    /// <param name="row">Number of the row, the first being 1.</param>
    /// <param name="parse">Makes the example; throws <see cref="PreferenceDataException"/> for a bad row.</param>
    /// <param name="example">The checked example.</param>
    /// <returns>False when the row is bad and was reported.</returns>
    /// <exception cref="PreferenceDataException">The row is bad and nobody listens.</exception>
    public bool TryRead(long row, Func<PreferenceExample> parse, [NotNullWhen(true)] out PreferenceExample? example)
    {
        ArgumentNullException.ThrowIfNull(parse);
        Row = row;
        if (row % RowsPerReport == 0)
            Options.Progress?.Report(row);
        try
        {
            example = Check(row, parse());
            return true;
        }
        catch (PreferenceDataException problem)
        {
            Report(problem);
            example = null;
            return false;
        }
    }

    /// <summary>Hands a bad row to the listener, or throws when there is none.</summary>
    /// <param name="problem">The problem.</param>
    /// <exception cref="PreferenceDataException">Nobody listens.</exception>
    public void Report(PreferenceDataException problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (Options.OnBadRow is not { } listener)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(problem);
        else
            listener(problem);
    }

    /// <summary>Makes the exception for a bad value.</summary>
    /// <param name="row">Number of the row, the first being 1; null when the whole file is meant.</param>
    /// <param name="column">The column.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="innerException">The cause, or null.</param>
    public PreferenceDataException Bad(long? row, string? column, string reason, Exception? innerException = null) =>
        new(Path, row, column, reason, innerException);

    /// <summary>Reads or looks up a picture as the options say.</summary>
    /// <exception cref="PreferenceDataException">It is missing, outside the image root, or no picture.</exception>
    /// <param name="row">Number of the row, the first being 1.</param>
    /// <param name="image">The picture.</param>
    /// <param name="prefix">What stands before a message: which picture of the row it is.</param>
    internal PreferenceImage LoadImage(long row, PreferenceImage image, string prefix = "")
    {
        if (image.Bytes is { } bytes)
        {
            RequirePicture(row, bytes.Span, $"{prefix}the picture");
            return image;
        }

        if (image.Path is not { Length: > 0 } name)
            throw Bad(row, "image", $"{prefix}has neither bytes nor a path. Store the picture or leave the row out.");

        string full;
        byte[] content;
        try
        {
            full = _images.Resolve(name);
            content = Options.Images == ImageLoading.Bytes ? File.ReadAllBytes(full) : ReadStart(full);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Bad(row, "image", prefix + problem.Message, problem);
        }

        RequirePicture(row, content, $"{prefix}the picture '{name}'");
        return Options.Images == ImageLoading.Bytes ? image with { Bytes = content } : image with { Path = full };
    }

    private PreferenceExample Check(long row, PreferenceExample example)
    {
        if (ExampleRules.Check(example) is { } fault)
            throw Bad(row, fault.Column, fault.Reason);

        IReadOnlyList<PreferenceImage> images = example.Images;
        return images.Count == 0
            ? example
            : example.WithImages([.. images.Select((image, i) => LoadImage(row, image, PictureNumber.Prefix(i, images.Count)))]);
    }

    /// <summary>The first bytes of a file, as many as tell a picture's format.</summary>
    private static byte[] ReadStart(string path)
    {
        byte[] start = new byte[16];
        using FileStream stream = File.OpenRead(path);
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    private void RequirePicture(long row, ReadOnlySpan<byte> bytes, string what)
    {
        if (bytes.IsEmpty)
            throw Bad(row, "image", $"{what} is empty, expected an encoded picture.");
        if (ImageSignature.MediaType(bytes) is null)
        {
            throw Bad(
                row, "image",
                $"{what} begins with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}, "
                + "which no known picture format does. Expected PNG, JPEG, GIF, BMP, WebP or TIFF.");
        }
    }
}
