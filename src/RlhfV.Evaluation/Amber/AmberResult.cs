namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="Amber"/>.</summary>
public sealed class AmberResult
{
    private readonly BootstrapOptions? _bootstrap;

    internal AmberResult(
        ScoringMode mode, IReadOnlyList<AmberDescription> descriptions, IReadOnlyList<AmberQuestion> questions,
        IReadOnlyList<EvaluationDiagnostic> diagnostics, BootstrapOptions? bootstrap)
    {
        _bootstrap = bootstrap;
        Mode = mode;
        Descriptions = descriptions;
        Questions = questions;
        Diagnostics = diagnostics;
        Generative = descriptions.Count == 0 ? null : AmberGenerativeMetrics.Of(descriptions, bootstrap);
        Discriminative = Questions.Count == 0 ? null : AmberDiscriminativeMetrics.Of(questions, bootstrap);
        ByDimension = questions.Select(q => q.Dimension).Distinct().Order()
            .ToDictionary(dimension => dimension, dimension => Of(d => d == dimension));
    }

    /// <summary>How answers were read and scored.</summary>
    public ScoringMode Mode { get; }

    /// <summary>The figures on descriptions; null when none was answered.</summary>
    public AmberGenerativeMetrics? Generative { get; }

    /// <summary>The figures on all questions; null when none was answered.</summary>
    public AmberDiscriminativeMetrics? Discriminative { get; }

    /// <summary>The figures on the questions of each dimension that was answered.</summary>
    public IReadOnlyDictionary<AmberDimension, AmberDiscriminativeMetrics> ByDimension { get; }

    /// <summary>The figures on attributes: state, number and action together; null when none was answered.</summary>
    public AmberDiscriminativeMetrics? Attribute =>
        Questions.Any(q => IsAttribute(q.Dimension)) ? Of(IsAttribute) : null;

    /// <summary>Every description that was scored.</summary>
    public IReadOnlyList<AmberDescription> Descriptions { get; }

    /// <summary>Every question that was scored.</summary>
    public IReadOnlyList<AmberQuestion> Questions { get; }

    /// <summary>What was left out or not understood.</summary>
    public IReadOnlyList<EvaluationDiagnostic> Diagnostics { get; }

    internal static bool IsAttribute(AmberDimension dimension) => dimension is AmberDimension.State or AmberDimension.Number
        or AmberDimension.Action;

    private AmberDiscriminativeMetrics Of(Func<AmberDimension, bool> dimension) =>
        AmberDiscriminativeMetrics.Of([.. Questions.Where(q => dimension(q.Dimension))], _bootstrap);
}
