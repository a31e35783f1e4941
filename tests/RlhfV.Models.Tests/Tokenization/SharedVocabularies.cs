using RlhfV.Goldens;

namespace RlhfV.Models.Tokenization.Tests;

/// <summary>
/// Published vocabularies, which are not part of the repository because of their licences. They are looked for beside the other
/// expectations and in <c>../shared/goldens</c> beside the repository.
/// </summary>
internal static class SharedVocabularies
{
    /// <summary>Folders with an <c>ids.json</c>, whether the vocabulary is there or not.</summary>
    public static IEnumerable<string> Folders => Roots().Where(Directory.Exists).SelectMany(Directory.GetDirectories)
        .Where(f => File.Exists(Path.Combine(f, "ids.json"))).DistinctBy(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Roots()
    {
        if (GoldenData.Has("hf", "tokenizers"))
            yield return GoldenData.Path("hf", "tokenizers");
        yield return Path.GetFullPath(Path.Combine(RepositoryFolder.Root, "..", "shared", "goldens", "hf", "tokenizers"));
    }
}
