using System.Text.Json;

namespace RlhfV.Models.Tokenization;

/// <summary>
/// A value inside a JSON file that knows where it stands, so that every complaint names file, place, what was found and what was expected.
/// </summary>
internal readonly struct JsonPart
{
    private readonly string _file;
    private readonly Place? _place;
    private readonly JsonElement _value;

    private JsonPart(string file, Place? place, JsonElement value)
    {
        _file = file;
        _place = place;
        _value = value;
    }

    public JsonValueKind Kind => _value.ValueKind;

    public static JsonPart Parse(string file, byte[] utf8)
    {
        try
        {
            ReadOnlyMemory<byte> content = utf8.AsSpan().StartsWith("\uFEFF"u8) ? utf8.AsMemory(3) : utf8;
            using JsonDocument document = JsonDocument.Parse(content);
            return new JsonPart(file, null, document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(
                $"{file}: found text that is not JSON ({e.Message}); expected one JSON object. Copy the file again.", e);
        }
    }

    public ModelFormatException Error(string found, string expected) =>
        new($"{_file}: {(_place is null ? "the file" : $"'{_place}'")} is {found}; expected {expected}.");

    /// <summary>The property of that name, or null when it is absent or null.</summary>
    public JsonPart? Optional(string name)
    {
        if (Kind != JsonValueKind.Object)
            throw Error(Describe(), "an object");
        return _value.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? Inner(name, value) : null;
    }

    public JsonPart Required(string name) => Optional(name) ?? throw Inner(name, default).Error("missing", "a value");

    public string? OptionalText(string name) => Optional(name)?.Text();

    public bool OptionalFlag(string name, bool otherwise) => Optional(name) is { } part ? part.Flag() : otherwise;

    public string Text()
    {
        if (Kind != JsonValueKind.String)
            throw Error(Describe(), "a string");
        try
        {
            return _value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new ModelFormatException($"{_file}: '{_place}' holds bytes or escapes that are not Unicode; expected text.", e);
        }
    }

    public bool Flag() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error(Describe(), "true or false"),
    };

    public int Number(int least, int most) =>
        Kind == JsonValueKind.Number && _value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw Error(Describe(), $"a whole number from {least} to {most}");

    public IEnumerable<JsonPart> Items()
    {
        if (Kind != JsonValueKind.Array)
            throw Error(Describe(), "a list");
        return Enumerate(this);

        static IEnumerable<JsonPart> Enumerate(JsonPart list)
        {
            int i = 0;
            foreach (JsonElement item in list._value.EnumerateArray())
                yield return new JsonPart(list._file, new Place(list._place, "", i++), item);
        }
    }

    public IEnumerable<(string Name, JsonPart Value)> Properties()
    {
        if (Kind != JsonValueKind.Object)
            throw Error(Describe(), "an object");
        return Enumerate(this);

        static IEnumerable<(string, JsonPart)> Enumerate(JsonPart owner)
        {
            foreach (JsonProperty property in owner._value.EnumerateObject())
            {
                string name;
                try
                {
                    name = property.Name;
                }
                catch (InvalidOperationException e)
                {
                    throw new ModelFormatException(
                        $"{owner._file}: a name in '{owner._place}' holds bytes or escapes that are not Unicode; expected text.", e);
                }

                yield return (name, owner.Inner(name, property.Value));
            }
        }
    }

    public string Describe()
    {
        if (Kind == JsonValueKind.Undefined)
            return "missing";
        string raw = _value.GetRawText();
        return raw.Length <= 60 ? raw : $"{raw.AsSpan(0, 57)}...";
    }

    private JsonPart Inner(string name, JsonElement value) => new(_file, new Place(_place, name, -1), value);

    // Written out only when there is something to complain about: vocabularies have a hundred thousand places.
    private sealed class Place(Place? owner, string name, int index)
    {
        public override string ToString() => index >= 0 ? $"{owner}[{index}]" : owner is null ? name : $"{owner}.{name}";
    }
}
