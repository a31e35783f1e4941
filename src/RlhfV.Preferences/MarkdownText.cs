namespace RlhfV.Preferences;

/// <summary>Texts from files inside Markdown tables.</summary>
internal static class MarkdownText
{
    /// <summary>A text that neither ends its cell or row nor becomes markup.</summary>
    public static string Escape(string text) => text.ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
