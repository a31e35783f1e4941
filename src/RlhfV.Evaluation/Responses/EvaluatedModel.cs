namespace RlhfV.Evaluation;

/// <summary>A model's assessed answers together with the metrics computed from them.</summary>
public sealed class EvaluatedModel
{
    /// <summary>Computes the metrics of a model's answers.</summary>
    /// <param name="name">How the model is called in tables, for example <c>base</c>.</param>
    /// <param name="responses">One assessment per item; at least one.</param>
    /// <param name="bootstrap">How confidence intervals are drawn; null for the defaults.</param>
    /// <exception cref="ArgumentException">The name is empty, there are no responses, or one contradicts itself.</exception>
    public EvaluatedModel(string name, IEnumerable<ResponseAssessment> responses, BootstrapOptions? bootstrap = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(responses);
        Name = name;
        Responses = [.. responses];
        Metrics = HallucinationMetrics.From(Responses, bootstrap);
    }

    /// <summary>How the model is called in tables.</summary>
    public string Name { get; }

    /// <summary>The assessed answers, in the order given.</summary>
    public IReadOnlyList<ResponseAssessment> Responses { get; }

    /// <summary>The metrics over <see cref="Responses"/>.</summary>
    public HallucinationMetrics Metrics { get; }
}
