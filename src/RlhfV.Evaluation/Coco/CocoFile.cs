using System.Globalization;

namespace RlhfV.Evaluation;

/// <summary>
/// Reads annotation files in the layout of COCO 2014 as a stream: the official ones are hundreds of megabytes, mostly outlines.
/// </summary>
public static class CocoFile
{
    /// <summary>Reads a file of instances.</summary>
    /// <param name="path">For example <c>instances_val2014.json</c>.</param>
    /// <param name="images">The only image ids to keep, or null for all.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no JSON in COCO layout, or an instance has a category the file does not list.
    /// </exception>
    public static CocoInstances ReadInstances(
        string path, IReadOnlySet<string>? images = null, CancellationToken cancellationToken = default)
    {
        var categories = new Dictionary<long, string>();
        var kept = new List<string>();
        var objects = new List<(string Image, long Category)>();
        CocoStream.Read(path, record =>
        {
            switch (record.Section)
            {
                case CocoSection.Images when Id(record.Id) is { } image && IsKept(image):
                    kept.Add(image);
                    break;
                case CocoSection.Categories when record.Id is { } id && record.Text is { } name:
                    categories[id] = name;
                    break;
                case CocoSection.Annotations when Id(record.ImageId) is { } image && record.CategoryId is { } category:
                    if (IsKept(image))
                    {
                        objects.Add((image, category));
                    }

                    break;
            }
        }, cancellationToken);

        // Categories stand behind the annotations in the official files, so names are looked up at the end.
        return new(kept, [.. objects.Select(o => new CocoObject(o.Image, categories.TryGetValue(o.Category, out string? name)
            ? name
            : throw new InvalidDataException(
                $"{path}: an instance of image {o.Image} has the category {o.Category}, which the file does not list.")))]);

        bool IsKept(string image) => images is null || images.Contains(image);
    }

    /// <summary>Reads a file of captions.</summary>
    /// <param name="path">For example <c>captions_val2014.json</c>.</param>
    /// <param name="caption">Receives image id and caption of each annotation, in the file's order.</param>
    /// <param name="images">The only image ids to keep, or null for all.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no JSON in COCO layout.</exception>
    public static void ReadCaptions(
        string path, Action<string, string> caption, IReadOnlySet<string>? images = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caption);
        CocoStream.Read(path, record =>
        {
            if (record.Section == CocoSection.Annotations && Id(record.ImageId) is { } image && record.Text is { } text
                && (images is null || images.Contains(image)))
            {
                caption(image, text);
            }
        }, cancellationToken);
    }

    private static string? Id(long? id) => id?.ToString(CultureInfo.InvariantCulture);
}
