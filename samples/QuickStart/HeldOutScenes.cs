using Microsoft.ML;
using Microsoft.ML.Data;
using RlhfV.Evaluation;
using SceneWorld;
using SceneWorld.Training;

namespace QuickStart;

/// <summary>Scenes that nothing was trained on, as ML.NET rows and as known truths.</summary>
internal sealed class HeldOutScenes
{
    private readonly Scene[] _scenes;

    /// <summary>Draws the scenes.</summary>
    /// <param name="ml">The context of the rows.</param>
    /// <param name="count">Number of scenes.</param>
    public HeldOutScenes(MLContext ml, int count)
    {
        _scenes = [.. Enumerable.Range(0, count).Select(i => SceneGenerator.Generate(Curriculum.HeldOutSeed + i))];
        Rows = ml.Data.LoadFromEnumerable(_scenes.Select(RowOf).ToArray());
    }

    /// <summary>Columns Image (encoded) and Prompt.</summary>
    public IDataView Rows { get; }

    /// <summary>The first scene as a row.</summary>
    public SceneRow First => RowOf(_scenes[0]);

    /// <summary>Lets a model describe every scene and holds the descriptions against the truth.</summary>
    /// <param name="name">The model's name in the report.</param>
    /// <param name="model">The transformer that captions.</param>
    public EvaluatedModel Evaluate(string name, ITransformer model)
    {
        string[] captions = [.. model.Transform(Rows).GetColumn<string>("Caption")];
        return new EvaluatedModel(name, _scenes.Zip(captions, (s, caption) => SceneEvaluation.Assess(s, SceneEvaluation.Question, caption)));
    }

    private static SceneRow RowOf(Scene scene) => new() { Image = SceneRenderer.RenderPng(scene), Prompt = SceneEvaluation.Question };
}
