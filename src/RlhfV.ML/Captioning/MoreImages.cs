using System.Text.Json;
using RlhfV.ML.PreferenceData;
using RlhfV.Models;
using RlhfV.Preferences;

namespace RlhfV.ML.Captioning;

/// <summary>Reads the pictures behind the first.</summary>
internal static class MoreImages
{
    /// <summary>Where the pictures of a row can be decoded from.</summary>
    /// <param name="json">The list as JSON.</param>
    /// <param name="folder">Where relative paths begin; null is the current directory.</param>
    /// <exception cref="JsonException">It is no list of pictures; the message says what is wrong.</exception>
    public static ImageSource[] Read(string json, string? folder)
    {
        IReadOnlyList<PreferenceImage> images;
        try
        {
            images = PreferenceText.Read<PreferenceImage>(json);
        }
        catch (JsonException problem)
        {
            throw new JsonException($"is no list of pictures as {nameof(PreferenceJson)} writes it: {problem.Message}", problem);
        }

        return [.. images.Select((image, i) => Open(image, i, images.Count, folder))];
    }

    private static ImageSource Open(PreferenceImage? image, int index, int count, string? folder) => image switch
    {
        { Bytes: { } bytes } => ImageSource.FromBytes(bytes, image.Path ?? $"picture {index + 2} of {count + 1}"),
        { Path: { } path } => ImageSource.FromFile(Path.Combine(folder ?? "", path)),
        _ => throw new JsonException($"picture {index + 2} of {count + 1} has neither bytes nor a path."),
    };
}
