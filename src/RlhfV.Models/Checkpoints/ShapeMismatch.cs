namespace RlhfV.Models.Checkpoints;

/// <summary>A tensor whose shape in the checkpoint is not that in the model.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="SourceName">Its name in the checkpoint.</param>
/// <param name="Found">The shape in the checkpoint.</param>
/// <param name="Expected">The shape in the model.</param>
/// <param name="File">The file that holds it.</param>
public sealed record ShapeMismatch(string Name, string SourceName, IReadOnlyList<long> Found, IReadOnlyList<long> Expected, string File);
