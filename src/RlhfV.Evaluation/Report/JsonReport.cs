using System.Text;
using System.Text.Json;
using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>The figures of a report as JSON. Rates are numbers from 0 to 1, intervals arrays of two, absent figures null.</summary>
internal static class JsonReport
{
    private const string Format = "rlhfv-hallucination-report/1";

    public static string Write(HallucinationReport report)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("title", report.Options.Title);
            if (report.Options.Created is { } created)
            {
                json.WriteString("created", created);
            }

            WriteModel(json, "base", report.Base);
            WriteModel(json, "aligned", report.Aligned);
            WriteComparison(json, report.Comparison);
            WriteScenes(json, report.ByScene);
            WriteLengths(json, LengthGroups.Of(report));
            WriteBenchmarks(json, report.Options.Benchmarks);
            WriteBootstrap(json, report.Base.Metrics.Bootstrap);
            WriteTraining(json, report.Options.Training);
            WriteDiagnostics(json, report.Options.Diagnostics);
            json.WriteStartArray("notes");
            foreach (string note in report.Options.Notes)
            {
                json.WriteStringValue(note);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) + "\n";
    }

    private static void WriteDiagnostics(Utf8JsonWriter json, IReadOnlyList<EvaluationDiagnostic> diagnostics)
    {
        json.WriteStartObject("leftOut");
        json.WriteStartObject("totals");
        foreach ((string code, int count) in diagnostics.Totals())
        {
            json.WriteNumber(code, count);
        }

        json.WriteEndObject();
        json.WriteStartArray("cases");
        foreach (EvaluationDiagnostic diagnostic in diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("code", diagnostic.Code);
            json.WriteString("item", diagnostic.Item);
            json.WriteString("message", diagnostic.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, string key, EvaluatedModel model)
    {
        HallucinationMetrics metrics = model.Metrics;
        json.WriteStartObject(key);
        json.WriteString("name", model.Name);
        json.WriteNumber("responses", metrics.Responses);
        json.WriteNumber("emptyResponses", metrics.EmptyResponses);
        json.WriteNumber("hallucinatedResponses", metrics.ResponseRate.Numerator);
        json.WriteNumber("mentions", metrics.MentionRate.Denominator);
        json.WriteNumber("hallucinatedMentions", metrics.MentionRate.Numerator);
        json.WriteNumber("segments", metrics.SegmentsPerResponse.Numerator);
        (string Key, RatioEstimate Figure)[] figures = [.. Figures(metrics)];
        foreach ((string name, RatioEstimate figure) in figures)
        {
            WriteNumber(json, name, figure.Value);
        }

        json.WriteStartObject("intervals");
        foreach ((string name, RatioEstimate figure) in figures)
        {
            WriteInterval(json, name, figure.Interval);
        }

        json.WriteEndObject();
        WriteTypes(json, metrics);
        json.WriteEndObject();
    }

    /// <summary>
    /// The figures that stand directly in a model's object. Types beyond the paper's stand under "types" alone: their codes are free.
    /// </summary>
    private static IEnumerable<(string Key, RatioEstimate Figure)> Figures(HallucinationMetrics metrics) =>
    [
        ("responseRate", metrics.ResponseRate),
        ("mentionRate", metrics.MentionRate),
        .. HallucinationType.All.Select(type => (type.Code, metrics[type].ResponseRate)),
        ("recall", metrics.Recall),
        ("words", metrics.Words),
        ("segmentsPerResponse", metrics.SegmentsPerResponse),
    ];

    private static void WriteTypes(Utf8JsonWriter json, HallucinationMetrics metrics)
    {
        json.WriteStartObject("types");
        foreach (HallucinationTypeMetrics type in metrics.Types)
        {
            json.WriteStartObject(type.Type.Code);
            json.WriteNumber("responses", type.ResponseRate.Numerator);
            json.WriteNumber("segments", type.SegmentsPerResponse.Numerator);
            WriteNumber(json, "responseRate", type.ResponseRate.Value);
            WriteInterval(json, "responseRateInterval", type.ResponseRate.Interval);
            WriteNumber(json, "segmentsPerResponse", type.SegmentsPerResponse.Value);
            WriteInterval(json, "segmentsPerResponseInterval", type.SegmentsPerResponse.Interval);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteComparison(Utf8JsonWriter json, PairedComparison paired)
    {
        json.WriteStartObject("comparison");
        json.WriteNumber("items", paired.Items);
        json.WriteNumber("bothHallucinate", paired.BothHallucinate);
        json.WriteNumber("onlyBaseHallucinates", paired.OnlyBaselineHallucinates);
        json.WriteNumber("onlyAlignedHallucinates", paired.OnlyCandidateHallucinates);
        json.WriteNumber("neitherHallucinates", paired.NeitherHallucinates);
        WriteNumber(json, "mcNemarP", paired.McNemarP);
        WriteEstimate(json, "responseRateReduction", paired.ResponseRateReduction);
        WriteEstimate(json, "responseRateChange", paired.ResponseRateChange);
        WriteEstimate(json, "mentionRateReduction", paired.MentionRateReduction);
        WriteEstimate(json, "mentionRateChange", paired.MentionRateChange);
        WriteEstimate(json, "recallChange", paired.RecallChange);
        WriteEstimate(json, "segmentsPerResponseReduction", paired.SegmentsPerResponseReduction);
        WriteEstimate(json, "wordsPerResponseChange", paired.WordsPerResponseChange);
        json.WriteStartObject("types");
        foreach (PairedTypeComparison type in paired.Types)
        {
            json.WriteStartObject(type.Type.Code);
            WriteEstimate(json, "responseRateReduction", type.ResponseRateReduction);
            WriteEstimate(json, "responseRateChange", type.ResponseRateChange);
            WriteNumber(json, "mcNemarP", type.McNemarP);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLengths(Utf8JsonWriter json, IReadOnlyList<LengthGroup> groups)
    {
        json.WriteStartObject("lengths");
        foreach (LengthGroup group in groups)
        {
            json.WriteStartObject(group.Name);
            json.WriteNumber("baseResponses", group.Base.Denominator);
            WriteNumber(json, "baseResponseRate", group.Base.Value);
            json.WriteNumber("alignedResponses", group.Aligned.Denominator);
            WriteNumber(json, "alignedResponseRate", group.Aligned.Value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteScenes(Utf8JsonWriter json, IReadOnlyDictionary<string, PairedComparison> scenes)
    {
        json.WriteStartObject("scenes");
        foreach ((string name, PairedComparison paired) in scenes)
        {
            json.WriteStartObject(name);
            json.WriteNumber("items", paired.Items);
            WriteNumber(json, "baseResponseRate", paired.BaselineRate);
            WriteNumber(json, "alignedResponseRate", paired.CandidateRate);
            WriteEstimate(json, "responseRateReduction", paired.ResponseRateReduction);
            WriteNumber(json, "mcNemarP", paired.McNemarP);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteBenchmarks(Utf8JsonWriter json, IReadOnlyList<ReportFigure> figures)
    {
        json.WriteStartArray("benchmarks");
        foreach (ReportFigure figure in figures)
        {
            json.WriteStartObject();
            json.WriteString("benchmark", figure.Benchmark);
            json.WriteString("figure", figure.Name);
            WriteEstimate(json, "base", figure.Base);
            WriteEstimate(json, "aligned", figure.Aligned);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBootstrap(Utf8JsonWriter json, BootstrapOptions options)
    {
        json.WriteStartObject("bootstrap");
        json.WriteNumber("resamples", options.Resamples);
        json.WriteNumber("confidence", options.Confidence);
        json.WriteNumber("seed", options.Seed);
        json.WriteEndObject();
    }

    private static void WriteTraining(Utf8JsonWriter json, IReadOnlyList<ReportSeries> training)
    {
        json.WriteStartArray("training");
        foreach (ReportSeries series in training)
        {
            json.WriteStartObject();
            json.WriteString("name", series.Name);
            json.WriteString("stepName", series.StepName);
            json.WriteStartArray("points");
            foreach (ReportPoint point in series.Points)
            {
                json.WriteStartArray();
                WriteNumberValue(json, point.Step);
                WriteNumberValue(json, point.Value);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEstimate(Utf8JsonWriter json, string key, Estimate estimate)
    {
        json.WriteStartObject(key);
        WriteNumber(json, "value", estimate.Value);
        WriteInterval(json, "interval", estimate.Interval);
        json.WriteEndObject();
    }

    private static void WriteInterval(Utf8JsonWriter json, string key, ConfidenceInterval interval)
    {
        json.WriteStartArray(key);
        WriteNumberValue(json, interval.Lower);
        WriteNumberValue(json, interval.Upper);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string key, double value)
    {
        json.WritePropertyName(key);
        WriteNumberValue(json, value);
    }

    private static void WriteNumberValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue(); // JSON has no NaN.
        }
    }
}
