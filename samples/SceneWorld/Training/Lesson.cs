namespace SceneWorld.Training;

/// <summary>A question about a scene and the answer to learn.</summary>
/// <param name="Prompt">The question.</param>
/// <param name="Answer">The answer.</param>
public readonly record struct Lesson(string Prompt, string Answer);
