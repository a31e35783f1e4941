using System.Globalization;
using System.Xml;
using OxyPlot;
using OxyPlot.Axes;

namespace RlhfV.Evaluation;

/// <summary>The look that the charts of a report share, and their SVG.</summary>
internal static class SvgChart
{
    /// <summary>Pixels between the labels of an axis and its title.</summary>
    public const double AxisTitleDistance = 12;

    private const double FontSize = 12;

    /// <summary>An empty chart. Margins are fixed, since the fonts that a reader's browser draws with cannot be measured here.</summary>
    /// <param name="left">Room for the labels of the vertical axis, in pixels.</param>
    /// <param name="bottom">Room for labels and title of the horizontal axis, in pixels.</param>
    public static PlotModel Model(double left, double bottom) => new()
    {
        PlotMargins = new OxyThickness(left, double.NaN, double.NaN, bottom),
        Culture = CultureInfo.InvariantCulture,
        DefaultFont = "Arial",
        DefaultFontSize = FontSize,
        Background = OxyColors.Transparent,
        TextColor = ReportColor.Text,
        PlotAreaBorderThickness = new OxyThickness(0),
        Padding = new OxyThickness(0, 8, 16, 4),
        IsLegendVisible = false,
    };

    public static LinearAxis Axis(AxisPosition position, string title = "", string? format = null) => new()
    {
        Position = position,
        Title = Text(title),
        StringFormat = format,
        MajorGridlineStyle = position == AxisPosition.Left ? LineStyle.Solid : LineStyle.None,
        MajorGridlineColor = ReportColor.Grid,
        MajorGridlineThickness = 1,
        AxislineStyle = position == AxisPosition.Bottom ? LineStyle.Solid : LineStyle.None,
        AxislineColor = ReportColor.Grid,
        TicklineColor = ReportColor.Grid,
        TickStyle = TickStyle.None,
        MinorTickSize = 0,
        AxisTitleDistance = position == AxisPosition.Left ? 2 * AxisTitleDistance : AxisTitleDistance, // Labels are wider than measured.
        MaximumPadding = 0.02,
    };

    /// <summary>Text that the SVG writer takes: it stops at characters that XML does not know.</summary>
    public static string Text(string text)
    {
        char[] characters = text.ToCharArray();
        for (int i = 0; i < characters.Length; i++)
        {
            if (i + 1 < characters.Length && XmlConvert.IsXmlSurrogatePair(characters[i + 1], characters[i]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(characters[i]))
            {
                characters[i] = '\uFFFD';
            }
        }

        return new(characters);
    }

    /// <summary>The chart as an SVG element that takes the width it is given and tells screen readers what it shows.</summary>
    /// <param name="model">What to draw.</param>
    /// <param name="id">A name that no other chart of the page has.</param>
    /// <param name="width">Width in pixels, the most the chart takes.</param>
    /// <param name="height">Height in pixels at that width.</param>
    /// <param name="description">The chart in words.</param>
    public static string Svg(PlotModel model, string id, int width, int height, string description)
    {
        string svg = SvgExporter.ExportToString(model, width, height, isDocument: false);

        // Everything up to the end of the opening tag, a declaration included, is replaced by a tag that fits a page.
        int content = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        string drawing = svg[content..].Replace(" font-family=\"Arial\"", "", StringComparison.Ordinal);

        // Ids are unique within a page: without a name of its own every chart would be clipped by the first one's frame.
        drawing = drawing.Replace("clipPath", id + "-clip", StringComparison.Ordinal)
            .Replace($"<{id}-clip", "<clipPath", StringComparison.Ordinal)
            .Replace($"</{id}-clip", "</clipPath", StringComparison.Ordinal);
        return $"<div class=\"plot\" role=\"region\" aria-label=\"{HtmlText.Escape(description)}\" tabindex=\"0\"><svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{HtmlText.Escape(description)}\" " +
            $"style=\"max-width:{width}px\">{ReportColor.ToVariables(drawing).TrimEnd()}</div>";
    }
}
