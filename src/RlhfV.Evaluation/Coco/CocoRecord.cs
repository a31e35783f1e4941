namespace RlhfV.Evaluation;

/// <summary>The fields of an image, an annotation or a category that the benchmarks use; absent ones are null.</summary>
/// <param name="Section">The array it stands in.</param>
/// <param name="Id">Its own id.</param>
/// <param name="ImageId">An annotation's image.</param>
/// <param name="CategoryId">An instance's category.</param>
/// <param name="Text">A category's name or an annotation's caption.</param>
internal readonly record struct CocoRecord(CocoSection Section, long? Id, long? ImageId, long? CategoryId, string? Text);
