namespace RlhfV.Evaluation;

/// <summary>A picture with what people say about it and the objects annotated in it.</summary>
/// <param name="Id">The picture's id.</param>
/// <param name="Captions">People's captions: they tell the scene.</param>
/// <param name="Objects">Classes annotated in the picture; repeated ones count once.</param>
public sealed record SceneImage(string Id, IReadOnlyList<string> Captions, IReadOnlyList<string> Objects);
