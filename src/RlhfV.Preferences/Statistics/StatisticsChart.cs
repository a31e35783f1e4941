using System.Globalization;
using System.Security;
using System.Text;

namespace RlhfV.Preferences;

/// <summary>
/// Draws the types of <see cref="PreferenceStatistics"/> as SVG. Hand-made: a plotting library would be the package's largest part.
/// </summary>
internal static class StatisticsChart
{
    private const int RowHeight = 34, BarHeight = 13, LabelWidth = 110, PlotWidth = 380, NumberWidth = 60, Top = 34;
    private const string OwnColour = "#2b6cb0", PaperColour = "#cbd5e0";

    public static string Write(PreferenceStatistics statistics)
    {
        double widest = statistics.Types.Select(type => Math.Max(type.Share, PaperFigures.TypeShare(type.Name) ?? 0)).Append(0.01).Max();
        int width = LabelWidth + PlotWidth + NumberWidth, height = Top + (RowHeight * statistics.Types.Count) + 8;
        int segments = statistics.Types.Sum(type => type.Count);
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"
              font-family="sans-serif" font-size="12" role="img" aria-label="Corrected segments by type">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <rect x="{LabelWidth}" y="10" width="12" height="12" fill="{OwnColour}"/>
            <text x="{LabelWidth + 18}" y="20">this data set, {segments} segments</text>
            <rect x="{LabelWidth + 210}" y="10" width="12" height="12" fill="{PaperColour}"/>
            <text x="{LabelWidth + 228}" y="20">RLHF-V paper</text>

            """);
        for (int i = 0; i < statistics.Types.Count; i++)
        {
            NamedCount type = statistics.Types[i];
            int y = Top + (i * RowHeight);
            string label = SecurityElement.Escape(type.Name);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""
                <text x="{LabelWidth - 8}" y="{y + 17}" text-anchor="end">{label}</text>

                """);
            AddBar(svg, y, type.Share, widest, OwnColour);
            if (PaperFigures.TypeShare(type.Name) is { } paper)
                AddBar(svg, y + BarHeight + 1, paper, widest, PaperColour);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void AddBar(StringBuilder svg, int y, double share, double widest, string colour)
    {
        double width = share / widest * PlotWidth;
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <rect x="{LabelWidth}" y="{y}" width="{width:0.0}" height="{BarHeight}" fill="{colour}"/>
            <text x="{LabelWidth + width + 6:0.0}" y="{y + BarHeight - 2}">{share * 100:0.0} %</text>

            """);
    }
}
