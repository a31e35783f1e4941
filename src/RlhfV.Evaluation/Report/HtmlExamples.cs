using RlhfV.Preferences;

namespace RlhfV.Evaluation;

/// <summary>The part of the page that shows items: picture, question, both answers with their hallucinated segments marked.</summary>
internal sealed class HtmlExamples(HallucinationReport report, TextWriter writer)
{
    public void Write()
    {
        IReadOnlyList<ReportExample> examples =
            ExampleSelection.Choose(report.Base.Responses, report.Aligned.Responses, report.Options.Examples);
        if (examples.Count == 0)
        {
            return;
        }

        writer.Write($"""
            <section>
            <h2>Examples</h2>
            <p>{examples.Count} of {ReportFormat.Count(report.Comparison.Items)} items: mostly ones that improved, spread evenly
            over the data, and always the worst of those that did not. What the picture contradicts is marked.</p>
            <p class="legend">{Legend(examples)}</p>

            """);
        foreach (IGrouping<ExampleKind, ReportExample> group in examples.GroupBy(e => e.Kind))
        {
            writer.Write($"<h3>{Heading(group.Key)}</h3>\n");
            foreach (ReportExample example in group)
            {
                WriteExample(example);
            }
        }

        writer.Write("</section>\n");
    }

    private void WriteExample(ReportExample example)
    {
        writer.Write($"""
            <article class="example">
            <div class="picture">{string.Concat(Pictures(example.Base))}</div>
            <div class="answers">
            <p class="prompt"><span class="id">{E(example.Base.Id)}</span> <bdi>{E(example.Base.Prompt)}</bdi></p>
            <div class="pair">
            {Answer(report.Base.Name, "base", example.Base)}
            {Answer(report.Aligned.Name, "aligned", example.Aligned)}
            </div>
            </div>
            </article>

            """);
    }

    private IEnumerable<string> Pictures(ResponseAssessment item)
    {
        PreferenceImage?[] images = [item.Image, .. item.MoreImages];
        return images.Select((image, i) => Picture(image, images.Length > 1 ? $"Picture {i + 1} of {images.Length} of item {item.Id}" : $"Picture of item {item.Id}"));
    }

    private string Picture(PreferenceImage? image, string name) =>
        PictureData.Uri(image, report.Options.ImageRoot, out string reason) is { } uri
            ? $"<img src=\"{uri}\" alt=\"{E(name)}\" loading=\"lazy\">"
            : $"<span class=\"missing\">{E(reason)}</span>";

    private static string Answer(string model, string key, ResponseAssessment response)
    {
        string count = response.Segments.Count switch
        {
            0 => "<span class=\"count none\">nothing hallucinated</span>",
            1 => "<span class=\"count\">1 hallucinated segment</span>",
            int n => $"<span class=\"count\">{n} hallucinated segments</span>",
        };
        string text = response.Words == 0 ? "<em>empty response</em>" : MarkedText.Html(response);
        return $"<div class=\"answer\"><p class=\"who\"><span class=\"key {key}\">{E(model)}</span> {count}</p>" +
            $"<blockquote dir=\"auto\">{text}</blockquote></div>";
    }

    /// <summary>The types that occur in the shown answers, each as it is marked.</summary>
    private static string Legend(IReadOnlyList<ReportExample> examples) =>
        string.Join(' ', examples
            .SelectMany(e => e.Base.Segments.Concat(e.Aligned.Segments))
            .SelectMany(segment => segment.Types)
            .Distinct()
            .OrderBy(type => Order(type))
            .ThenBy(type => type.Code, StringComparer.Ordinal)
            .Select(type => $"<mark class=\"{MarkedText.ClassOf(type)}\">{E(type.Code)}</mark>"));

    private static int Order(HallucinationType type)
    {
        int place = HallucinationType.All.ToList().IndexOf(type);
        return place < 0 ? int.MaxValue : place;
    }

    private static string Heading(ExampleKind kind) => kind switch
    {
        ExampleKind.Improved => "Improved: fewer hallucinated segments",
        ExampleKind.Worse => "Worse: more hallucinated segments",
        ExampleKind.Unchanged => "Unchanged: still hallucinated",
        ExampleKind.Faithful => "Faithful before and after",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind of example is not known."),
    };

    private static string E(string text) => HtmlText.Escape(text);
}
