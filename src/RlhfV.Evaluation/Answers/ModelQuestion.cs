namespace RlhfV.Evaluation;

/// <summary>A question of a benchmark, to be put to a model.</summary>
/// <param name="Id">The question's id; the answer must carry it.</param>
/// <param name="ImageId">The picture: an image id or a file name, as the benchmark names it.</param>
/// <param name="Text">What is asked.</param>
public sealed record ModelQuestion(string Id, string ImageId, string Text);
