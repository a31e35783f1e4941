using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>Pictures as JSON files of other tools name them.</summary>
internal static class ImageJson
{
    private const string DataUri = "data:";
    private const string Base64Mark = ";base64,";

    /// <summary>
    /// The pictures of a row: the list <c>images</c> or the single <c>image</c>, each a path, a base64 data URI, or an object of
    /// <c>bytes</c> (base64) and <c>path</c>.
    /// </summary>
    /// <exception cref="JsonException">There is something else.</exception>
    public static IReadOnlyList<PreferenceImage> ReadAll(JsonElement row)
    {
        if (row.TryGetProperty("images", out JsonElement images) && images.ValueKind != JsonValueKind.Null)
        {
            return images.ValueKind == JsonValueKind.Array
                ? [.. images.EnumerateArray().Select(Read)]
                : throw new JsonException($"'images' is a {images.ValueKind}, expected a list.");
        }

        return row.TryGetProperty("image", out JsonElement image) && image.ValueKind != JsonValueKind.Null ? [Read(image)] : [];
    }

    private static PreferenceImage Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            string? bytes = JsonText.OptionalString(element, "bytes");
            return new PreferenceImage
            {
                Bytes = bytes is null ? null : Decode(bytes),
                Path = JsonText.OptionalString(element, "path"),
            };
        }

        return FromText(JsonText.AsString(element, "a picture"));
    }

    /// <summary>The picture that a text names: a path, or a base64 data URI.</summary>
    /// <exception cref="JsonException">It is a data URI, but not in base64.</exception>
    public static PreferenceImage FromText(string text)
    {
        if (!text.StartsWith(DataUri, StringComparison.OrdinalIgnoreCase))
            return PreferenceImage.FromPath(text);
        int mark = text.IndexOf(Base64Mark, StringComparison.OrdinalIgnoreCase);
        return mark > 0
            ? PreferenceImage.FromBytes(Decode(text[(mark + Base64Mark.Length)..]))
            : throw new JsonException("a picture's data URI is not in base64.");
    }

    private static byte[] Decode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException problem)
        {
            throw new JsonException("a picture's bytes are not valid base64.", problem);
        }
    }
}
