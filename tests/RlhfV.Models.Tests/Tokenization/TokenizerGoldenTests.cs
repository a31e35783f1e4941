using RlhfV.Goldens;

namespace RlhfV.Models.Tokenization.Tests;

public class TokenizerGoldenTests
{
    public static TheoryData<string> Tiny =>
        GoldenData.Has("hf", "tokenizers") ? [.. Directory.GetFiles(GoldenData.Path("hf", "tokenizers"), "*.json").Select(Name).Order()] : [];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Tiny))]
    public void Load_TinyCheckpoint_GivesTheIdsOfTheReference(string file)
    {
        IdGoldens goldens = IdGoldens.Read(GoldenData.Path("hf", "tokenizers", file));
        goldens.Check(TextTokenizer.Load(Path.GetDirectoryName(GoldenData.Path("hf", goldens.Tokenizer))!));
    }

    private static string Name(string path) => Path.GetFileName(path);
}
