namespace RlhfV.Evaluation;

/// <summary>
/// AMBER (Wang et al., An LLM-free Multi-dimensional Benchmark for MLLMs Hallucination Evaluation, 2023): 1,004 descriptions and 14,216
/// yes/no questions on existence, attributes and relations.
/// </summary>
public sealed class Amber
{
    private readonly AmberOptions _options;
    private readonly AmberDescriptions _descriptions;
    private readonly Dictionary<int, AmberItem> _items;
    private readonly List<EvaluationDiagnostic> _diagnostics = [];

    /// <summary>Makes the benchmark.</summary>
    /// <param name="data">Annotations and word lists.</param>
    /// <param name="options">How to read and score; null for the defaults.</param>
    /// <exception cref="ArgumentException">Two items have the same number.</exception>
    public Amber(AmberData data, AmberOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        _options = options ?? new();
        _descriptions = new(data, _options);
        _items = data.Items.ToDictionary(item => item.Id);
        string[] unknown =
            [.. data.Items.SelectMany(item => item.Truth.Concat(item.Targets)).Distinct().Where(name => !data.Relations.ContainsKey(name))];
        _diagnostics.AddRange(unknown.Select(name => new EvaluationDiagnostic(
            DiagnosticCode.UnknownObject, name, $"The relations have no '{name}'; only the word itself stands for it.")));
    }

    /// <summary>Scores answers; a set of descriptions or of questions alone is scored for what it holds.</summary>
    /// <param name="answers">Answers, in any order.</param>
    public AmberResult Score(IEnumerable<AmberAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        List<EvaluationDiagnostic> diagnostics = [.. _diagnostics, .. FileDiagnostics.Of(answers)];
        var descriptions = new List<AmberDescription>();
        var questions = new List<AmberQuestion>();
        var seen = new HashSet<int>();
        foreach (AmberAnswer answer in answers)
        {
            string id = $"{answer.Id}";
            if (!_items.TryGetValue(answer.Id, out AmberItem? item))
            {
                diagnostics.Add(new(DiagnosticCode.MissingTruth, id, "The annotations have no such item; the answer was left out."));
            }
            else if (IsRepeated(answer, id) && _options.Mode == ScoringMode.Strict)
            {
                continue;
            }
            else if (item.IsGenerative)
            {
                if (string.IsNullOrWhiteSpace(answer.Response))
                {
                    diagnostics.Add(new(DiagnosticCode.EmptyAnswer, id, "The description is empty; it counts as one that names nothing."));
                }

                descriptions.Add(_descriptions.Score(item, answer.Response));
            }
            else if (DimensionOf(item.Type) is { } dimension)
            {
                questions.Add(new(item, dimension, answer.Response, Read(answer.Response)));
            }
            else
            {
                diagnostics.Add(new(DiagnosticCode.MalformedRecord, id, $"The type '{item.Type}' is not known; the answer was left out."));
            }
        }

        foreach (AmberQuestion question in questions.Where(question => question.SaysYes is null))
        {
            diagnostics.Add(new(
                DiagnosticCode.UnclearAnswer, $"{question.Item.Id}",
                $"'{(question.Response.Length <= 60 ? question.Response : question.Response[..60] + "..")}' is not read as yes or no; " +
                "it counts as wrong."));
        }

        ReportMissing("descriptions", item => item.IsGenerative, descriptions.Select(description => description.Item.Id));
        ReportMissing("questions", item => !item.IsGenerative, questions.Select(question => question.Item.Id));
        var result = new AmberResult(_options.Mode, descriptions, questions, diagnostics, _options.Bootstrap);
        ReportAbsent(result, diagnostics);
        return result;

        bool IsRepeated(AmberAnswer answer, string id)
        {
            bool repeated = !seen.Add(answer.Id);
            if (repeated)
            {
                string counts = _options.Mode == ScoringMode.Official ? "both answers count" : "the first answer counts";
                diagnostics.Add(new(DiagnosticCode.DuplicateAnswer, id, $"The item was answered before; {counts}."));
            }

            return repeated;
        }

        // One line for all: a set of descriptions or of questions alone is a usual thing, and is no gap.
        void ReportMissing(string kind, Func<AmberItem, bool> isOne, IEnumerable<int> answered)
        {
            int asked = _items.Values.Count(isOne), found = answered.Distinct().Count();
            if (found > 0 && found < asked)
            {
                diagnostics.Add(new(DiagnosticCode.MissingAnswer, "", $"{asked - found} of {asked} {kind} have no answer; they are left out."));
            }
        }
    }

    private static void ReportAbsent(AmberResult result, List<EvaluationDiagnostic> diagnostics)
    {
        if (result.Generative is null && result.Discriminative is null)
        {
            Report("figure", "no answer belongs to an item");
        }

        if (result.Generative is { Chair.HasValue: false })
        {
            Report("CHAIR", "no description names an object of the vocabulary");
        }

        if (result.Discriminative is { Precision.HasValue: false })
        {
            Report("precision", "no answer is no");
        }

        void Report(string figure, string why) => diagnostics.Add(new(DiagnosticCode.FigureAbsent, "", $"There is no {figure}: {why}."));
    }

    /// <summary>The script knows the exact words Yes and No and nothing else.</summary>
    private bool? Read(string response) => _options.Mode == ScoringMode.Strict
        ? YesNo.Read(response)
        : response switch { "Yes" => true, "No" => false, _ => null };

    private AmberDimension? DimensionOf(string type) => type switch
    {
        "discriminative-hallucination" => AmberDimension.Existence,
        "discriminative-attribute-state" => AmberDimension.State,
        "discriminative-attribute-number" => AmberDimension.Number,
        "discriminative-attribute-action" => AmberDimension.Action,
        "discriminative-relation" or "relation" => AmberDimension.Relation,
        _ => _options.Mode == ScoringMode.Official ? AmberDimension.Relation : null, // The script counts whatever is left as a relation.
    };
}
