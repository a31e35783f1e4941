using System.Text.Json;

namespace RlhfV.Models.Images;

/// <summary>Reads and writes <c>preprocessor_config.json</c>. A member that is null counts as absent.</summary>
internal sealed class ImageProcessorSettings
{
    private readonly JsonElement _root;
    private readonly string _name;

    /// <summary>Wraps a settings object.</summary>
    /// <param name="root">The object.</param>
    /// <param name="name">What messages call it.</param>
    public ImageProcessorSettings(JsonElement root, string name)
    {
        (_root, _name) = (root, name);
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException($"'{name}' holds {root.ValueKind}; expected a JSON object.");
        }
    }

    /// <summary>Parses a file.</summary>
    public static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path), new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException error)
        {
            throw new ModelFormatException($"'{path}' is not JSON: {error.Message}", error);
        }
    }

    /// <summary>Writes an object to a file, all of it or nothing.</summary>
    public static void Write(string path, Action<Utf8JsonWriter> members)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = File.Create(temporary))
            using (var writer = new Utf8JsonWriter(stream, new() { Indented = true }))
            {
                writer.WriteStartObject();
                members(writer);
                writer.WriteEndObject();
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes a size.</summary>
    public static void WriteSize(Utf8JsonWriter writer, string key, ImageSize size)
    {
        writer.WriteStartObject(key);
        writer.WriteNumber("height", size.Height);
        writer.WriteNumber("width", size.Width);
        writer.WriteEndObject();
    }

    /// <summary>Writes how levels become values.</summary>
    public static void WriteLevels(Utf8JsonWriter writer, double? rescale, IReadOnlyList<double>? mean, IReadOnlyList<double>? std)
    {
        writer.WriteBoolean("do_rescale", rescale is not null);
        if (rescale is { } factor)
        {
            writer.WriteNumber("rescale_factor", factor);
        }

        writer.WriteBoolean("do_normalize", mean is not null && std is not null);
        if (mean is not null && std is not null)
        {
            WriteNumbers(writer, "image_mean", mean);
            WriteNumbers(writer, "image_std", std);
        }
    }

    /// <summary>A text, or null.</summary>
    public string? Text(string key) => Find(key, JsonValueKind.String)?.GetString();

    /// <summary>A truth value.</summary>
    public bool Flag(string key, bool otherwise)
    {
        var value = Find(key);
        return value?.ValueKind switch
        {
            null => otherwise,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Refuse(key, value.Value, "true or false"),
        };
    }

    /// <summary>A finite number.</summary>
    public double Number(string key, double otherwise) =>
        Find(key, JsonValueKind.Number) is not { } value ? otherwise
        : value.TryGetDouble(out double number) && double.IsFinite(number) ? number
        : throw Refuse(key, value, "a finite number");

    /// <summary>A whole number of at least 1, or null.</summary>
    public int? Count(string key) => Find(key) is { } value ? Positive(key, value) : null;

    /// <summary>A member of an object member, as a whole number of at least 1; null where either is absent.</summary>
    public int? Count(string key, string member) =>
        Find(key) is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(member, out var value)
            && value.ValueKind != JsonValueKind.Null
            ? Positive($"{key}.{member}", value)
            : null;

    /// <summary>A number of pixels, at least 1, of a member or of an object member's member; null where absent.</summary>
    public long? Pixels(string key, string? member = null)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (member is not null)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(member, out value) || value.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            key = $"{key}.{member}";
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 1
            ? number
            : throw Refuse(key, value, "a whole number of pixels of at least 1");
    }

    /// <summary>True when the member is a bare number, as in settings of before 2023.</summary>
    public bool IsNumber(string key) => Find(key) is { ValueKind: JsonValueKind.Number };

    /// <summary>True when the member is there.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The members of other names, usable when the document is gone.</summary>
    public IReadOnlyList<JsonProperty> Except(IReadOnlyCollection<string> names) =>
        [.. _root.Clone().EnumerateObject().Where(member => !names.Contains(member.Name))];

    /// <summary>Height and width, or one number for both; null where absent.</summary>
    public ImageSize? Size(string key)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            int edge = Positive(key, value);
            return new ImageSize(edge, edge);
        }

        return Count(key, "height") is { } height && Count(key, "width") is { } width
            ? new ImageSize(width, height)
            : throw Refuse(key, value, "a number, or an object with height and width");
    }

    /// <summary>One number per channel.</summary>
    public IReadOnlyList<double> Channels(string key, IReadOnlyList<double> otherwise, bool divisor = false)
    {
        if (Find(key) is not { } value)
        {
            return otherwise;
        }

        double[] numbers = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 3
            && value.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out double parsed)
                && double.IsFinite(parsed) && (!divisor || parsed > 0))
            ? [.. value.EnumerateArray().Select(number => number.GetDouble())]
            : throw Refuse(key, value, divisor ? "three numbers above 0" : "three numbers");
        return numbers;
    }

    /// <summary>The resampling filter.</summary>
    public ResamplingFilter Filter(ResamplingFilter otherwise)
    {
        const string key = "resample";
        return Find(key) is not { } value ? otherwise
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && Enum.IsDefined((ResamplingFilter)number)
                ? (ResamplingFilter)number
                : throw Refuse(key, value, "1 (Lanczos), 2 (bilinear) or 3 (bicubic)");
    }

    /// <summary>Says what was found and what was expected.</summary>
    public ModelFormatException Refuse(string key, string expected) =>
        Find(key) is { } value ? Refuse(key, value, expected) : new($"'{_name}': '{key}' is missing; expected {expected}.");

    private static void WriteNumbers(Utf8JsonWriter writer, string key, IReadOnlyList<double> numbers)
    {
        writer.WriteStartArray(key);
        foreach (double number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private ModelFormatException Refuse(string key, JsonElement found, string expected)
    {
        string text = found.GetRawText();
        return new($"'{_name}': '{key}' is {(text.Length > 100 ? text[..100] + ".." : text)}; expected {expected}.");
    }

    private int Positive(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number is >= 1 and <= ImageDecodeOptions.MaxEdge
            ? number
            : throw Refuse(key, value, $"a whole number from 1 to {ImageDecodeOptions.MaxEdge}");

    private JsonElement? Find(string key) =>
        _root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private JsonElement? Find(string key, JsonValueKind kind) =>
        Find(key) is not { } value ? null : value.ValueKind == kind ? value : throw Refuse(key, value, $"a {kind}");
}
