namespace RlhfV.Evaluation;

/// <summary>One instance in a COCO file.</summary>
/// <param name="Image">The image's id.</param>
/// <param name="Category">The category's name.</param>
public readonly record struct CocoObject(string Image, string Category);
