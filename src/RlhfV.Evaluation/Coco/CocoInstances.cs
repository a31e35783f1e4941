namespace RlhfV.Evaluation;

/// <summary>The objects of a COCO instance file.</summary>
/// <param name="Images">Ids of all images the file lists, in its order.</param>
/// <param name="Objects">Every instance, in the file's order; repeated when an image shows several.</param>
public sealed record CocoInstances(IReadOnlyList<string> Images, IReadOnlyList<CocoObject> Objects);
