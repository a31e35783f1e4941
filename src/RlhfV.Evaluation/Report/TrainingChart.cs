using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace RlhfV.Evaluation;

/// <summary>One curve of the training run.</summary>
internal static class TrainingChart
{
    public static string Svg(ReportSeries series, string id)
    {
        PlotModel model = SvgChart.Model(left: 44, bottom: 52);
        model.Axes.Add(SvgChart.Axis(AxisPosition.Bottom, series.StepName));
        model.Axes.Add(SvgChart.Axis(AxisPosition.Left));
        var line = new LineSeries { Color = ReportColor.Aligned, StrokeThickness = 2, LineJoin = LineJoin.Round };
        line.Points.AddRange(series.Points.Select(p => double.IsFinite(p.Value) ? new DataPoint(p.Step, p.Value) : DataPoint.Undefined));
        if (series.Points.Count == 1)
        {
            line.MarkerType = MarkerType.Circle; // A line through one point is invisible.
            line.MarkerFill = ReportColor.Aligned;
        }

        model.Series.Add(line);
        return SvgChart.Svg(model, id, 420, 220, Description(series));
    }

    private static string Description(ReportSeries series)
    {
        double[] values = [.. series.Points.Select(p => p.Value).Where(double.IsFinite)];
        return values.Length == 0
            ? $"{series.Name}: no values."
            : FormattableString.Invariant($"{series.Name}: from {values[0]:0.###} to {values[^1]:0.###} over {values.Length} points.");
    }
}
