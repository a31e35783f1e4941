namespace RlhfV.ML.Columns;

/// <summary>A row of one text.</summary>
internal sealed class TextRow
{
    public string Text { get; set; } = "";
}
