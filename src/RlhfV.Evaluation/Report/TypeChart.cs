using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>Share of responses with a hallucination, overall and by type: a dot with its interval for each model.</summary>
internal static class TypeChart
{
    private const double Offset = 0.16;
    private const int Width = 560;

    public static string Svg(HallucinationReport report)
    {
        HallucinationType[] types = [.. report.Comparison.Types.Select(paired => paired.Type)];
        string[] labels = ["Any type", .. types.Select(t => SvgChart.Text(ReportTable.Capitalized(t.Code)))];
        PlotModel model = SvgChart.Model(left: 20 + 7 * labels.Max(label => label.Length), bottom: 52);
        var rows = new CategoryAxis
        {
            Position = AxisPosition.Left,
            StartPosition = 1,
            EndPosition = 0,
            TickStyle = TickStyle.None,
            AxislineStyle = LineStyle.None,
            GapWidth = 0,
        };
        rows.Labels.AddRange(labels);
        LinearAxis shares = SvgChart.Axis(AxisPosition.Bottom, "share of responses", "0'%'");
        shares.Minimum = 0;
        shares.MajorGridlineStyle = LineStyle.Solid;
        model.Axes.Add(rows);
        model.Axes.Add(shares);
        Add(model, report.Base, types, -Offset, ReportColor.Base, MarkerType.Circle);
        Add(model, report.Aligned, types, Offset, ReportColor.Aligned, MarkerType.Diamond);
        return SvgChart.Svg(model, "types", Width, 80 + 36 * labels.Length,
            $"Share of responses with a hallucination, by type, {report.Base.Name} against {report.Aligned.Name}; the table above has " +
            "the numbers.");
    }

    private static void Add(
        PlotModel model, EvaluatedModel evaluated, HallucinationType[] types, double offset, OxyColor color, MarkerType marker)
    {
        var dots = new ScatterSeries { MarkerType = marker, MarkerSize = marker == MarkerType.Diamond ? 5.5 : 5, MarkerFill = color };
        RatioEstimate[] rates = [evaluated.Metrics.ResponseRate, .. types.Select(t => ReportTable.Rate(evaluated, t))];
        for (int i = 0; i < rates.Length; i++)
        {
            var interval = new LineSeries { Color = color, StrokeThickness = 2 };
            interval.Points.Add(new(rates[i].Interval.Lower * 100, i + offset));
            interval.Points.Add(new(rates[i].Interval.Upper * 100, i + offset));
            model.Series.Add(interval);
            dots.Points.Add(new(rates[i].Value * 100, i + offset));
        }

        model.Series.Add(dots);
    }
}
