using System.Globalization;
using System.Text.Json;

namespace RlhfV.Evaluation;

/// <summary>
/// Walks a COCO file token by token in constant memory. Serializers read such a file whole, or stream only an array that is its root.
/// </summary>
internal sealed class CocoStream
{
    private const int BufferSize = 1 << 16;
    private const int RecordDepth = 3; // Root object 1, section array 2, record 3.

    private readonly Action<CocoRecord> _emit;
    private CocoSection _section;
    private CocoRecord _record;
    private string? _property;
    private bool _hasAnnotations;

    private CocoStream(Action<CocoRecord> emit) => _emit = emit;

    public static void Read(string path, Action<CocoRecord> emit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no annotation file '{path}'.", path);
        }

        using FileStream file = File.OpenRead(path);
        try
        {
            new CocoStream(emit).Read(file, path, cancellationToken);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException) // The last: a string that is no text.
        {
            throw new InvalidDataException($"{path} is not a COCO annotation file: {e.Message}", e);
        }
    }

    private void Read(FileStream file, string path, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferSize];
        int filled = file.Read(buffer, 0, 3);
        if (buffer.AsSpan(0, filled).SequenceEqual("\uFEFF"u8))
        {
            filled = 0; // The JSON reader takes no byte order mark.
        }

        var state = new JsonReaderState();
        bool last = false;
        while (!last)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2); // One token larger than the buffer: a very long string.
            }

            int read = file.Read(buffer, filled, buffer.Length - filled);
            last = read == 0;
            filled += read;
            var json = new Utf8JsonReader(buffer.AsSpan(0, filled), last, state);
            while (json.Read())
            {
                Token(ref json);
            }

            state = json.CurrentState;
            int consumed = (int)json.BytesConsumed;
            Buffer.BlockCopy(buffer, consumed, buffer, 0, filled - consumed);
            filled -= consumed;
        }

        if (!_hasAnnotations)
        {
            throw new InvalidDataException($"{path} is not a COCO annotation file: it has no array 'annotations'.");
        }
    }

    private void Token(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject when json.CurrentDepth == RecordDepth - 1:
                _record = new(_section, null, null, null, null);
                break;
            case not (JsonTokenType.EndObject or JsonTokenType.PropertyName)
                when json.CurrentDepth == RecordDepth - 1 && _section != CocoSection.None:
                throw new FormatException($"an element of its arrays is no object (byte {json.TokenStartIndex} of the part being read)");
            case JsonTokenType.EndObject when json.CurrentDepth == RecordDepth - 1 && _section != CocoSection.None:
                _emit(_record);
                break;
            case JsonTokenType.PropertyName when json.CurrentDepth == 1:
                _section = Section(ref json);
                break;
            case JsonTokenType.StartArray when json.CurrentDepth == 1:
                _hasAnnotations |= _section == CocoSection.Annotations;
                break;
            case JsonTokenType.PropertyName when json.CurrentDepth == RecordDepth && _section != CocoSection.None:
                _property = Property(ref json);
                break;
            case JsonTokenType.Number or JsonTokenType.String when json.CurrentDepth == RecordDepth && _property is not null:
                Value(ref json, _property);
                _property = null;
                break;
        }
    }

    private static CocoSection Section(ref Utf8JsonReader json) =>
        json.ValueTextEquals("annotations"u8) ? CocoSection.Annotations
        : json.ValueTextEquals("categories"u8) ? CocoSection.Categories
        : json.ValueTextEquals("images"u8) ? CocoSection.Images
        : CocoSection.None;

    private static string? Property(ref Utf8JsonReader json) =>
        json.ValueTextEquals("image_id"u8) ? "image_id"
        : json.ValueTextEquals("category_id"u8) ? "category_id"
        : json.ValueTextEquals("caption"u8) || json.ValueTextEquals("name"u8) ? "text"
        : json.ValueTextEquals("id"u8) ? "id"
        : null;

    private void Value(ref Utf8JsonReader json, string property) => _record = property switch
    {
        "id" => _record with { Id = Number(ref json) },
        "image_id" => _record with { ImageId = Number(ref json) },
        "category_id" => _record with { CategoryId = Number(ref json) },
        _ => _record with { Text = json.TokenType == JsonTokenType.String ? json.GetString() : null },
    };

    private static long Number(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Number
        ? json.TryGetInt64(out long number) ? number
        : throw new FormatException($"an id is not a whole number of 64 bits (byte {json.TokenStartIndex})")
        : long.TryParse(json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long text) ? text : throw new FormatException($"the id '{json.GetString()}' is not a number");
}
