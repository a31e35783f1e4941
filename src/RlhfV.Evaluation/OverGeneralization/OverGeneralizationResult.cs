namespace RlhfV.Evaluation;

/// <summary>The outcome of <see cref="OverGeneralization"/>.</summary>
/// <param name="Scenes">Each scene, in the order given.</param>
/// <param name="Diagnostics">Responses to unknown pictures.</param>
public sealed record OverGeneralizationResult(IReadOnlyList<SceneResult> Scenes, IReadOnlyList<EvaluationDiagnostic> Diagnostics)
{
    /// <summary>
    /// Mean of the scenes' deltas, absent ones left out: the last column of the paper's table 2. NaN when all are absent.
    /// </summary>
    public double MeanDelta => Mean(scene => scene.Delta);

    /// <summary>Mean over the scenes of any figure, absent ones left out.</summary>
    internal double Mean(Func<SceneResult, double> figure) =>
        Scenes.Select(figure).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
