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
    /// The file is no JSON in COCO layout, an annotation lacks its image or category, or has a category the file does not list.
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
                case CocoSection.Images when Id(record.Id) is { } listed && IsKept(listed):
                    kept.Add(listed);
                    break;
                case CocoSection.Categories when record.Id is { } id && record.Text is { } name:
                    categories[id] = name;
                    break;
                case CocoSection.Annotations:
                    (string image, long category) = (
                        Id(record.ImageId) ?? throw Incomplete(path, record, "image_id"),
                        record.CategoryId ?? throw Incomplete(path, record, "category_id", "; captions are read as captions, not as instances"));
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
    /// <exception cref="InvalidDataException">The file is no JSON in COCO layout, or an annotation lacks its image or caption.</exception>
    public static void ReadCaptions(
        string path, Action<string, string> caption, IReadOnlySet<string>? images = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caption);
        CocoStream.Read(path, record =>
        {
            if (record.Section != CocoSection.Annotations)
            {
                return;
            }

            string image = Id(record.ImageId) ?? throw Incomplete(path, record, "image_id");
            string text = record.Text ?? throw Incomplete(path, record, "caption", "; instances are read as instances, not as captions");
            if (images is null || images.Contains(image))
            {
                caption(image, text);
            }
        }, cancellationToken);
    }

    /// <summary>Truth is read whole: an annotation that is skipped would make hallucinations of what its image shows.</summary>
    private static InvalidDataException Incomplete(string path, CocoRecord record, string field, string hint = "") => new(
        $"{path} is not a COCO annotation file of this kind: {(record.Id is { } id ? $"annotation {id}" : "an annotation without id")} has no " +
        $"'{field}'{hint}.");

    private static string? Id(long? id) => id?.ToString(CultureInfo.InvariantCulture);
}
