using Microsoft.ML;
using RlhfV.ML.Columns;
using RlhfV.Models;

namespace RlhfV.ML.Captioning;

/// <summary>Reads what the current row of a cursor, or a row, asks.</summary>
internal sealed class CaptionRequestReader
{
    private readonly DataViewRow _row;
    private readonly Func<ImageSource?> _image;
    private readonly ValueGetter<ReadOnlyMemory<char>>? _question;
    private ReadOnlyMemory<char> _text;

    public CaptionRequestReader(DataViewRow row, CaptionColumns columns, string? imageFolder)
    {
        _row = row;
        _image = ImageColumn.Open(row, columns.Image, imageFolder);
        _question = columns.Prompt is { } prompt ? row.GetGetter<ReadOnlyMemory<char>>(prompt) : null;
    }

    public CaptionRequest Read()
    {
        _question?.Invoke(ref _text);
        return new CaptionRequest(_row.Position + 1, _text.ToString(), _image());
    }
}
