namespace RlhfV.Evaluation;

/// <summary>Over-generalisation in one kind of scene.</summary>
/// <param name="Scene">The scene's name.</param>
/// <param name="Images">Pictures of that scene.</param>
/// <param name="Objects">The classes that most of its pictures show, with the number of pictures, most frequent first.</param>
/// <param name="Everywhere">Rates over all responses (Ha in the paper).</param>
/// <param name="InScene">Rates over the responses to pictures of the scene (Hs).</param>
public sealed record SceneResult(
    string Scene, IReadOnlyList<string> Images, IReadOnlyList<KeyValuePair<string, int>> Objects, SceneRates Everywhere, SceneRates InScene)
{
    /// <summary>
    /// Hs - Ha: how much more the model imagines these objects where they usually are. NaN when one of the two is absent.
    /// </summary>
    public double Delta => InScene.Rate - Everywhere.Rate;
}
