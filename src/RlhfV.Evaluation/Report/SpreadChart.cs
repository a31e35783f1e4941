using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace RlhfV.Evaluation;

/// <summary>How the hallucinated segments spread over the responses that have any (the paper's figure 4).</summary>
internal static class SpreadChart
{
    public static string Svg(HallucinationReport report)
    {
        PlotModel model = SvgChart.Model(left: 76, bottom: 52);
        LinearAxis responses = SvgChart.Axis(AxisPosition.Bottom, "hallucinated responses, most segments first", "0'%'");
        LinearAxis segments = SvgChart.Axis(AxisPosition.Left, "share of segments", "0'%'");
        (responses.Minimum, responses.Maximum, segments.Minimum, segments.Maximum) = (0, 100, 0, 101);
        model.Axes.Add(responses);
        model.Axes.Add(segments);
        Add(model, report.Base, ReportColor.Base, LineStyle.Solid);
        Add(model, report.Aligned, ReportColor.Aligned, LineStyle.Dash);
        return SvgChart.Svg(model, "spread", 560, 308,
            $"Share of all hallucinated segments that the worst responses hold, {report.Base.Name} against {report.Aligned.Name}.");
    }

    private static void Add(PlotModel model, EvaluatedModel evaluated, OxyColor color, LineStyle style)
    {
        var line = new LineSeries { Color = color, StrokeThickness = 2, LineStyle = style };
        IReadOnlyList<ReportPoint> points = HallucinationCurve.Of(evaluated.Responses).Points;
        if (points.Count > 0)
        {
            line.Points.Add(new(0, 0));
            line.Points.AddRange(points.Select(point => new DataPoint(100 * point.Step, 100 * point.Value)));
        }

        model.Series.Add(line);
    }
}
