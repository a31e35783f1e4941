namespace RlhfV.Models.Checkpoints;

/// <summary>Where a tensor's elements lie: in one uncompressed stretch of a file, little-endian.</summary>
/// <param name="Info">Name, type and shape.</param>
/// <param name="File">The file.</param>
/// <param name="Offset">Where the first element lies, in bytes.</param>
/// <param name="Strides">Steps between neighbours of each dimension, in elements; null when they follow each other in order.</param>
internal sealed record StoredTensor(TensorInfo Info, CheckpointFile File, long Offset, IReadOnlyList<long>? Strides = null);
