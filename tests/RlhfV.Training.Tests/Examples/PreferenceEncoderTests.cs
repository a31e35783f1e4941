using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Examples;

namespace RlhfV.Training.Tests.Examples;

public sealed class PreferenceEncoderTests : IDisposable
{
    private readonly VisionLanguageModel _model = VisionLanguageModel.Load(TinyModel.Folder);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Encode_ReplacedWords_MarksTheirTokensOnBothSides()
    {
        PreferenceExample example = TinyModel.Example("a dog sits on the mat", "a cat sits on the mat");

        EncodedPair pair = Encoder().Encode(example, "x");

        Assert.Equal("dog", Changed(pair.Chosen));
        Assert.Equal("cat", Changed(pair.Rejected));
        Assert.Single(pair.Pictures);
        Assert.Equal(16, pair.Chosen.Ids.Count(id => id == _model.Network.ImageTokenId));
    }

    [Fact]
    public void Encode_Annotation_WinsOverTheDiff()
    {
        PreferenceExample example = TinyModel.Example("a dog sits on the mat", "a cat sits on the mat") with
        {
            Segments = [new CorrectedSegment { Chosen = new(6, 4), Rejected = new(6, 4), Type = HallucinationType.Action }],
        };

        Assert.Equal("sits", Changed(Encoder().Encode(example, "x").Chosen));
        Assert.Equal("dog", Changed(Encoder(SegmentSource.Diff).Encode(example, "x").Chosen));
    }

    [Theory]
    [InlineData(OneSidedEdits.Weighted, "and a dog")]
    [InlineData(OneSidedEdits.Unweighted, "")]
    public void Encode_DeletedPhrase_IsMarkedUnlessTheReleasedRuleIsAskedFor(OneSidedEdits oneSided, string expected)
    {
        PreferenceExample example = TinyModel.Example("a cat sits here on the mat", "a cat and a dog sits here on the mat");

        EncodedPair pair = new PreferenceEncoder(_model.Processor, 500, oneSided: oneSided).Encode(example, "x");

        Assert.Equal(expected, Changed(pair.Rejected));
        Assert.Equal("", Changed(pair.Chosen));
    }

    [Fact]
    public void Encode_ReleasedDiff_MarksReplacedTokensAndNoInsertion()
    {
        var encoder = new PreferenceEncoder(_model.Processor, 500, SegmentSource.ReleasedDiff, OneSidedEdits.Unweighted);

        EncodedPair replaced = encoder.Encode(TinyModel.Example("a dog sits on the mat", "a cat sits on the mat"), "x");
        EncodedPair inserted = encoder.Encode(TinyModel.Example("a cat sits here on the mat", "a cat and a dog sits here on the mat"), "x");

        Assert.Equal("dog", Changed(replaced.Chosen));
        Assert.Equal("", Changed(inserted.Rejected));
    }

    [Fact]
    public void Encode_AnswersBeginAlike_AreSharedUpToTheFirstDifference()
    {
        EncodedPair pair = Encoder().Encode(TinyModel.Example("a dog sits on the mat", "a dog sits on the bed"), "x");

        Assert.True(pair.SharedTokens > pair.Chosen.Roles.ToList().IndexOf(TokenRole.Unchanged) + 3);
        Assert.True(pair.PackedLength < pair.Chosen.Length + 10);
    }

    [Fact]
    public void Encode_Conversation_PutsThePictureIntoTheFirstQuestion()
    {
        PreferenceExample example = TinyModel.Example("a dog", "a cat") with
        {
            History = [new(PreferenceRole.User, "what is it"), new(PreferenceRole.Assistant, "an animal")],
        };

        EncodedPair pair = Encoder().Encode(example, "x");
        string text = _model.Processor.Tokenizer.Decode([.. pair.Chosen.Ids]);

        Assert.True(text.IndexOf("what is it", StringComparison.Ordinal) > 0);
        Assert.True(text.IndexOf("what is it", StringComparison.Ordinal) < text.IndexOf("an animal", StringComparison.Ordinal));
        Assert.True(pair.Chosen.Ids.ToList().LastIndexOf((int)_model.Network.ImageTokenId) < 30);
    }

    [Theory]
    [MemberData(nameof(BadExamples))]
    public void Encode_BadExample_IsRefusedByNameOrSkippedWithTheReason(string what, string inMessage)
    {
        PreferenceExample good = TinyModel.Example("a dog", "a cat");
        PreferenceExample bad = what switch
        {
            "broken picture" => good with { Image = PreferenceImage.FromBytes(new byte[] { 1, 2, 3 }), Origin = new() { Id = "b7" } },
            "missing file" => good with { Image = PreferenceImage.FromPath("no/such.png"), Origin = new() { Id = "b7" } },
            "missing second file" => good with { MoreImages = [PreferenceImage.FromPath("no/second.png")], Origin = new() { Id = "b7" } },
            "no second picture data" => good with { MoreImages = [new PreferenceImage()], Origin = new() { Id = "b7" } },
            "no first picture" => good with { Image = null, MoreImages = [good.Image!], Origin = new() { Id = "b7" } },
            "too few places" => good with { MoreImages = [good.Image!], ImagePlaces = [new(0, 0)], Origin = new() { Id = "b7" } },
            "place behind the text" => good with { ImagePlaces = [new(0, 99)], Origin = new() { Id = "b7" } },
            "place in no turn" => good with { ImagePlaces = [new(3, 0)], Origin = new() { Id = "b7" } },
            "places out of order" => good with
            {
                MoreImages = [good.Image!],
                ImagePlaces = [new(0, 5), new(0, 4)],
                Origin = new() { Id = "b7" },
            },
            "no picture data" => good with { Image = new PreferenceImage(), Origin = new() { Id = "b7" } },
            "empty answer" => good with { Chosen = " ", Origin = new() { Id = "b7" } },
            "equal answers" => good with { Chosen = good.Rejected, Origin = new() { Id = "b7" } },
            _ => good with { Prompt = string.Concat(Enumerable.Repeat("many words ", 400)), Origin = new() { Id = "b7" } },
        };

        var refused = Assert.Throws<ArgumentException>(() => Encode(InvalidExamplePolicy.Refuse));
        EncodedExamples<EncodedPair> skipped = Encode(InvalidExamplePolicy.Skip);

        Assert.Contains("xample 1 (b7)", refused.Message, StringComparison.Ordinal);
        Assert.Contains(inMessage, refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, skipped.Items.Count);
        Assert.Equal("example 1 (b7)", Assert.Single(skipped.Skipped).Id);
        Assert.Contains(inMessage, skipped.Skipped[0].Reason, StringComparison.Ordinal);

        EncodedExamples<EncodedPair> Encode(InvalidExamplePolicy policy) =>
            Encoder().Encode([good, bad, good], policy, cancellation: TestContext.Current.CancellationToken);
    }

    public static TheoryData<string, string> BadExamples => new()
    {
        { "broken picture", "picture" },
        { "missing file", "such.png" },
        { "no picture data", "neither bytes nor a path" },
        { "missing second file", "second.png" },
        { "too few places", "has 2 pictures but 1 places for them" },
        { "place behind the text", "stands at 99 in turn 0" },
        { "place in no turn", "stands at 0 in turn 3" },
        { "places out of order", "icture 2 of example 1 (b7) stands at 4" },
        { "no second picture data", "icture 2 of 2 of example 1 (b7) has neither bytes nor a path" },
        { "no first picture", "has 1 further pictures, but no first one" },
        { "empty answer", "answer" },
        { "equal answers", "equal" },
        { "too long", "at most 500" },
    };

    [Fact]
    public void Encode_NothingLeft_SaysWhy()
    {
        PreferenceExample bad = TinyModel.Example("same", "same");

        var error = Assert.Throws<ArgumentException>(() =>
            Encoder().Encode([bad], InvalidExamplePolicy.Skip, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("equal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_ConversationWithTwoPictures_PutsBothIntoTheFirstQuestion()
    {
        PreferenceExample example = TinyModel.Example("a dog", "a cat") with
        {
            MoreImages = [PreferenceImage.FromPath(GoldenData.Path("hf", "images", "b.png"))],
            History = [new(PreferenceRole.User, "what is it"), new(PreferenceRole.Assistant, "an animal")],
        };

        EncodedPair pair = Encoder().Encode(example, "x");

        Assert.Equal(2, pair.Pictures.Count);
        Assert.Equal(32, pair.Chosen.Ids.Count(id => id == _model.Network.ImageTokenId));
        Assert.True(pair.Chosen.Ids.ToList().LastIndexOf((int)_model.Network.ImageTokenId) < 50);
    }

    [Fact]
    public void Encode_EqualPictures_HaveEqualKeysAndAreOfferedWithPixels()
    {
        var offered = new List<string>();
        PreferenceExample one = TinyModel.Example("a dog", "a cat");
        byte[] bytes = File.ReadAllBytes(GoldenData.Path("hf", "images", "a.png"));

        Encoder().Encode(
            [one, one with { Image = PreferenceImage.FromBytes(bytes) }],
            InvalidExamplePolicy.Refuse,
            (picture, image) => offered.Add($"{picture.Key} {image.Shape[^1]}"),
            TestContext.Current.CancellationToken);

        Assert.Equal(2, offered.Count);
        Assert.Single(offered.Distinct());
    }

    private PreferenceEncoder Encoder(SegmentSource segments = SegmentSource.AnnotationOrDiff) => new(_model.Processor, 500, segments);

    private string Changed(EncodedSequence sequence) => _model.Processor.Tokenizer.Decode(
        [.. sequence.Ids.Where((_, i) => sequence.Roles[i] == TokenRole.Changed)]).Trim();
}
