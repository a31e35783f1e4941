namespace RlhfV.ML.Saving;

/// <summary>A file of a model's folder as a manifest remembers it.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">SHA-256 of its content, lower-case hexadecimal.</param>
internal sealed record ModelFile(string Name, long Length, string Sha256);
