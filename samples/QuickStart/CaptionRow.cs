namespace QuickStart;

/// <summary>The model's answer, as ML.NET gives it.</summary>
internal sealed class CaptionRow
{
    /// <summary>The answer.</summary>
    public string Caption { get; set; } = "";
}
