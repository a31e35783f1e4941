namespace SceneWorld;

/// <summary>A question about a scene and its true answer.</summary>
/// <param name="Prompt">The question.</param>
/// <param name="Answer">The answer.</param>
public sealed record SceneQuestion(string Prompt, string Answer);
