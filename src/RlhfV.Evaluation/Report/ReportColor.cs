using OxyPlot;

namespace RlhfV.Evaluation;

/// <summary>
/// Colours of charts. OxyPlot writes fixed colours into its SVG, which would be unreadable on either the light or the dark page; so charts
/// are drawn in stand-in colours that nothing else uses, and each is replaced by a variable of the style sheet afterwards.
/// </summary>
internal static class ReportColor
{
    public static readonly OxyColor Text = OxyColor.FromRgb(1, 1, 1);
    public static readonly OxyColor Grid = OxyColor.FromRgb(2, 1, 1);
    public static readonly OxyColor Base = OxyColor.FromRgb(3, 1, 1);
    public static readonly OxyColor Aligned = OxyColor.FromRgb(4, 1, 1);

    private static readonly (OxyColor Color, string Variable)[] Variables =
        [(Text, "var(--muted)"), (Grid, "var(--line)"), (Base, "var(--base)"), (Aligned, "var(--aligned)")];

    public static string ToVariables(string svg)
    {
        foreach ((OxyColor color, string variable) in Variables)
        {
            svg = svg.Replace($"rgb({color.R},{color.G},{color.B})", variable, StringComparison.Ordinal);
        }

        return svg;
    }
}
