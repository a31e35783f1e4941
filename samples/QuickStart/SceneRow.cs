namespace QuickStart;

/// <summary>A picture and a question, as ML.NET reads them.</summary>
internal sealed class SceneRow
{
    /// <summary>The encoded picture.</summary>
    public byte[] Image { get; set; } = [];

    /// <summary>The question.</summary>
    public string Prompt { get; set; } = "";
}
