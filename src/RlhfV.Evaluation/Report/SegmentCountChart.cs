using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace RlhfV.Evaluation;

/// <summary>How many responses have none, one, two .. hallucinated segments.</summary>
internal static class SegmentCountChart
{
    private const int Most = 5;
    private const double BarWidth = 0.36;

    public static string Svg(HallucinationReport report)
    {
        PlotModel model = SvgChart.Model(left: 72, bottom: 52);
        var counts = new CategoryAxis
        {
            Position = AxisPosition.Bottom,
            TickStyle = TickStyle.None,
            Title = "hallucinated segments in a response",
            AxisTitleDistance = SvgChart.AxisTitleDistance,
            GapWidth = 0,
        };
        counts.Labels.AddRange(Enumerable.Range(0, Most).Select(n => n.ToString(model.Culture)).Append($"{Most} or more"));
        LinearAxis shares = SvgChart.Axis(AxisPosition.Left, "share of responses", "0'%'");
        shares.Minimum = 0;
        model.Axes.Add(counts);
        model.Axes.Add(shares);
        Add(model, report.Base, -BarWidth, ReportColor.Base);
        Add(model, report.Aligned, 0.02, ReportColor.Aligned);
        return SvgChart.Svg(model, "segments", 560, 308,
            $"Share of responses by their number of hallucinated segments, {report.Base.Name} against {report.Aligned.Name}.");
    }

    private static void Add(PlotModel model, EvaluatedModel evaluated, double left, OxyColor color)
    {
        var bars = new RectangleBarSeries { FillColor = color, StrokeThickness = 0 };
        for (int n = 0; n <= Most; n++)
        {
            int responses = evaluated.Responses.Count(r => Math.Min(r.Segments.Count, Most) == n);
            bars.Items.Add(new(n + left, 0, n + left + BarWidth - 0.02, 100.0 * responses / evaluated.Responses.Count));
        }

        model.Series.Add(bars);
    }
}
