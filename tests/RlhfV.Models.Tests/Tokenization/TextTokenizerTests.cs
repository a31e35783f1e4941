using Microsoft.ML.Tokenizers;

namespace RlhfV.Models.Tokenization.Tests;

public sealed class TextTokenizerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("text-tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_MissingFolder_SaysWhich() =>
        Assert.Contains("nowhere",
            Assert.Throws<DirectoryNotFoundException>(() => TextTokenizer.Load(Path.Combine(_folder, "nowhere"))).Message);

    [Fact]
    public void Load_EmptyFolder_NamesBothFiles()
    {
        var thrown = Assert.Throws<FileNotFoundException>(() => TextTokenizer.Load(_folder));

        Assert.Contains("neither tokenizer.json nor tokenizer.model", thrown.Message);
    }

    [Fact]
    public void Load_ModelAskedForButAbsent_NamesIt()
    {
        var options = new TextTokenizerOptions { Source = TokenizerSource.SentencePiece };

        Assert.Contains("no tokenizer.model",
            Assert.Throws<FileNotFoundException>(() => TextTokenizer.Load(RepositoryData.Checkpoint("qwen25vl"), options)).Message);
    }

    [Theory]
    [InlineData("llava", 1, 2, 481, 0, 482)]
    [InlineData("smolvlm", 1, 439, 2, 0, 440)]
    [InlineData("qwen25vl", null, 402, 400, null, 422)]
    [InlineData("llama3", 480, 489, 484, null, 491)]
    public void Load_Checkpoint_KnowsItsRoles(string family, int? bos, int? eos, int? pad, int? unk, int size)
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint(family));

        Assert.Equal((bos, eos, pad, unk, size),
            (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnkId, tokenizer.VocabularySize));
    }

    [Fact]
    public void Save_Checkpoint_WritesTheSameBytes()
    {
        string target = Path.Combine(_folder, "new");
        TextTokenizer.Load(RepositoryData.Checkpoint("qwen25vl")).Save(target);

        Assert.Equal(
            ["chat_template.json", "merges.txt", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "vocab.json"],
            Directory.GetFiles(target).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal));
        Assert.All(
            Directory.GetFiles(target),
            f => Assert.Equal(
                File.ReadAllBytes(Path.Combine(RepositoryData.Checkpoint("qwen25vl"), Path.GetFileName(f))), File.ReadAllBytes(f)));
    }

    [Fact]
    public void Token_UnknownIdOrText_IsNull()
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint("llava"));

        Assert.Null(tokenizer.Token(-1));
        Assert.Null(tokenizer.Token(482));
        Assert.Null(tokenizer.TokenId("no such token"));
        Assert.Equal("", tokenizer.Decode([-1, 482, 100_000]));
    }

    [Fact]
    public void Encode_LoneSurrogate_IsReadAsReplacementCharacter()
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint("llava"));

        Assert.Equal(tokenizer.Encode("a\uFFFDb😀"), tokenizer.Encode("a\uDC00b😀"));
        Assert.Equal(tokenizer.Encode("a\uFFFD"), tokenizer.Encode("a\uD83D"));
    }

    [Fact]
    public void EncodeWithOffsets_AnyText_GivesSpansThatFollowEachOther()
    {
        foreach (string family in (string[])["llava", "smolvlm", "qwen25vl", "llama3"])
        {
            TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint(family));
            const string Text = " A cat, 12 日本 é😀\n\nit's  <image> <|im_start|>e\u0301";
            EncodedText encoded = tokenizer.EncodeWithOffsets(Text);

            Assert.Equal(encoded.Ids.Count, encoded.Offsets.Count);
            int end = 0;
            foreach (TokenSpan span in encoded.Offsets)
            {
                Assert.True(span.Start <= end && span.End >= end, $"{family}: a gap or a step back at {span} behind {end}");
                end = span.End;
            }

            Assert.Equal(Text.Length, end);
        }
    }

    [Fact]
    public void EncodeWithOffsets_PlainWords_PointsAtThem()
    {
        const string Text = "the cat sits";
        foreach (string family in (string[])["llava", "qwen25vl"])
        {
            TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint(family));
            EncodedText encoded = tokenizer.EncodeWithOffsets(Text, addSpecialTokens: false);

            Assert.Equal(
                encoded.Ids.Select(i => tokenizer.Token(i)!.Replace('▁', ' ').Replace('Ġ', ' ').TrimStart()),
                encoded.Offsets.Select(o => Text.Substring(o.Start, o.Length).TrimStart()));
        }
    }

    [Fact]
    public void Encode_FromSeveralThreads_GivesTheSameIds()
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint("qwen25vl"));
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"word{i % 37} and {i} others")];
        IReadOnlyList<int>[] expected = [.. texts.Select(t => TextTokenizer.Load(RepositoryData.Checkpoint("qwen25vl")).Encode(t))];
        var actual = new IReadOnlyList<int>[texts.Length];

        Parallel.For(0, texts.Length, i => actual[i] = tokenizer.Encode(texts[i]));

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Encode_OneLongWord_TakesLittleTime()
    {
        TextTokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint("llava"));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        IReadOnlyList<int> ids = tokenizer.Encode(string.Concat(Enumerable.Repeat("thesand", 30_000)));

        // A fraction of a second on an idle machine; looking at all pairs after every merge would take many minutes.
        Assert.True(ids.Count > 30_000 && clock.Elapsed < TimeSpan.FromSeconds(30), $"{ids.Count} tokens took {clock.Elapsed}.");
    }

    [Fact]
    public void AsTokenizer_Texts_GivesIdsOffsetsAndCounts()
    {
        TextTokenizer own = TextTokenizer.Load(RepositoryData.Checkpoint("llava"));
        Tokenizer tokenizer = own.AsTokenizer();
        const string Text = "the cat <image> sits";

        Assert.Equal(own.Encode(Text, addSpecialTokens: false), tokenizer.EncodeToIds(Text));
        Assert.Equal(own.Encode(Text, addSpecialTokens: false).Count, tokenizer.CountTokens(Text));
        Assert.Equal(Text, string.Concat(tokenizer.EncodeToTokens(Text, out _).Select(t => Text[t.Offset])));
        Assert.Equal("the cat", tokenizer.Decode(tokenizer.EncodeToIds("the cat")));
    }

    [Fact]
    public void AsTokenizer_LimitedCount_SaysHowFarItCame()
    {
        Tokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint("llava")).AsTokenizer();

        int index = tokenizer.GetIndexByTokenCount("the cat", maxTokenCount: 1, out _, out int count);

        Assert.Equal(("the".Length, 1), (index, count));
    }

    [Theory]
    [InlineData("llava")]
    [InlineData("qwen25vl")]
    [InlineData("llama3")]
    public void AsTokenizer_LimitInsideACharacter_LeavesTheWholeCharacterOut(string family)
    {
        Tokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint(family)).AsTokenizer();
        const string Text = "a \U0001F436\u6F22 b\u00DF";
        IReadOnlyList<int> all = tokenizer.EncodeToIds(Text);
        Assert.True(all.Count > Text.Length, "No character has several tokens, so none can be cut.");
        for (int limit = 1; limit <= all.Count; limit++)
        {
            int index = tokenizer.GetIndexByTokenCount(Text, limit, out _, out int count);
            Assert.InRange(tokenizer.CountTokens(Text[..index]), 0, limit);
            Assert.Equal(tokenizer.EncodeToIds(Text[..index]).Count, count);
            Assert.Equal(all.Take(count), tokenizer.EncodeToIds(Text, limit, out _, out int consumed));
            Assert.Equal(index, consumed);

            IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens(Text, out _);
            int start = tokenizer.GetIndexByTokenCountFromEnd(Text, limit, out _, out int behind);
            Assert.InRange(behind, 0, limit);
            Assert.All(tokens.Take(all.Count - behind), token => Assert.True(token.Offset.End.Value <= start));
            Assert.All(tokens.Skip(all.Count - behind), token => Assert.True(token.Offset.Start.Value >= start));
        }
    }

    [Fact]
    public void AsTokenizer_DecodeIntoTooSmallSpan_WritesNothing()
    {
        Tokenizer tokenizer = TextTokenizer.Load(RepositoryData.Checkpoint("llava")).AsTokenizer();
        char[] text = new char[3];

        System.Buffers.OperationStatus status = tokenizer.Decode(tokenizer.EncodeToIds("the cat"), text, out int ids, out int characters);

        Assert.Equal((System.Buffers.OperationStatus.DestinationTooSmall, 0, 0), (status, ids, characters));
    }

    [Fact]
    public void AsTokenizer_WithoutNormalization_IsRefused() =>
        Assert.Throws<NotSupportedException>(
            () => TextTokenizer.Load(RepositoryData.Checkpoint("llava")).AsTokenizer().EncodeToIds("a", considerNormalization: false));
}
