using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Examples;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Families;

/// <summary>Pairs about several pictures in each family of models.</summary>
public sealed class SeveralPicturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. TinyFamilies.Names.Select(row => row.Data).Where(TinyFamilies.SeesPictures)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_TwoPictures_StandBeforeTheQuestionInOrder(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        PreferenceExample example = Example("a.png", "b.png");

        EncodedPair two = Encode(model, example);
        EncodedPair first = Encode(model, example with { MoreImages = [] });
        EncodedPair second = Encode(model, example.WithImages([example.MoreImages[0]]));

        Assert.Equal([first.Pictures[0].Key, second.Pictures[0].Key], two.Pictures.Select(picture => picture.Key));
        Assert.NotEqual(two.Pictures[0].Key, two.Pictures[1].Key);
        Assert.All(
            new[] { (two.Chosen, first.Chosen, second.Chosen), (two.Rejected, first.Rejected, second.Rejected) },
            side => Assert.Equal(Tokens(side.Item2) + Tokens(side.Item3), Tokens(side.Item1)));
        Assert.True(two.SharedTokens > two.Chosen.Ids.ToList().LastIndexOf((int)model.Network.ImageTokenId));

        int Tokens(EncodedSequence sequence) => sequence.Ids.Count(id => id == model.Network.ImageTokenId);
    }

    [Theory]
    [InlineData("smolvlm", true)]
    [InlineData("idefics3", true)]
    [InlineData("qwen25vl", true)]
    [InlineData("llava", false)]
    [InlineData("muffin", false)]
    public void Encode_PlacesBetweenWords_AreKeptWhereTheTemplateKeepsThem(string family, bool inOrder)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        PreferenceExample example = Example("a.png", "b.png") with { Prompt = "Was it this or that?", ImagePlaces = [new(0, 11), new(0, 19)] };

        List<int> ids = [.. Encode(model, example).Chosen.Ids];

        int image = (int)model.Network.ImageTokenId;
        (int first, int last) = (ids.IndexOf(image), ids.LastIndexOf(image));
        Assert.Equal(inOrder, Text(0, first).Contains("this", StringComparison.Ordinal));
        Assert.Equal(inOrder, Text(first, last).Contains("that", StringComparison.Ordinal));
        Assert.Equal(!inOrder, Text(last, ids.Count).Contains("Was it this", StringComparison.Ordinal));
        Assert.Equal(Encode(model, example with { ImagePlaces = [] }).Pictures.Select(picture => picture.Key), Encode(model, example).Pictures.Select(picture => picture.Key));
        Assert.Equal(
            Encode(model, example with { ImagePlaces = [] }).Chosen.Ids,
            Encode(model, example with { ImagePlaces = [new(0, 0), new(0, 0)] }).Chosen.Ids);

        string Text(int from, int to) => model.Processor.Tokenizer.Decode([.. ids[from..to].Where(id => id != image)]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pack_PicturesInTwoTurnsAndBetweenWords_AgreesWithTwoRows(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        PreferenceExample example = Example("a.png", "b.png", "e.png") with
        {
            History = [new(PreferenceRole.User, "What is it?"), new(PreferenceRole.Assistant, "an animal")],
            ImagePlaces = [new(0, 0), new(2, 5), new(2, 13)],
        };
        EncodedPair pair = Encode(model, example);
        string text = model.Processor.Tokenizer.Decode(
            [.. pair.Chosen.Ids.TakeWhile((_, i) => i < pair.Chosen.Ids.ToList().LastIndexOf((int)model.Network.ImageTokenId))]);

        Assert.Contains("animal", text, StringComparison.Ordinal); // some picture stands behind the first answer in every family
        LayoutAgreement.Check(model.Network, [pair, Encode(model, Example("b.png"))]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pack_TwoAndThreePictures_AgreesWithTwoRows(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        EncodedPair[] pairs =
        [
            Encode(model, Example("a.png", "b.png")),
            Encode(model, Example("e.png") with { Chosen = "a dog", Rejected = "three old dogs sit here" }),
            Encode(model, Example("b.png", "e.png", "a.png")),
        ];

        LayoutAgreement.Check(model.Network, pairs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LogProbs_SecondPicture_DecidesThem(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);

        float[] two = LogProbs(model, Example("a.png", "b.png"));
        float[][] others =
        [
            LogProbs(model, Example("a.png", "e.png")),
            LogProbs(model, Example("b.png", "a.png")),
            LogProbs(model, Example("a.png")),
        ];

        Assert.Equal(two, LogProbs(model, Example("a.png", "b.png")));
        Assert.All(others, other => Assert.True(two.Zip(other).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-5));
    }

    [Fact]
    public void Fit_FamilyWithoutPictures_RefusesOrListsTheExampleByName()
    {
        using VisionLanguageModel model = TinyFamilies.Load("llama3", _folder);
        PreferenceExample bad = Example("a.png", "b.png") with { Origin = new() { Id = "k7" } };
        PreferenceExample good = Example() with { Origin = new() { Id = "k8" } };

        var refused = Assert.Throws<ArgumentException>(() => Fit(InvalidExamplePolicy.Refuse));
        TrainingResult result = Fit(InvalidExamplePolicy.Skip);

        Assert.Contains("xample 0 (k7)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("picture", refused.Message, StringComparison.Ordinal);
        Assert.Equal("example 0 (k7)", Assert.Single(result.Skipped).Id);

        TrainingResult Fit(InvalidExamplePolicy policy) => new PreferenceTrainer().Fit(
            model, [bad, good], new DenseDpoOptions { MaxSteps = 1, BatchSize = 1, InvalidExamples = policy },
            cancellation: TestContext.Current.CancellationToken);
    }

    private static PreferenceExample Example(params string[] pictures) => new PreferenceExample
    {
        Prompt = "What differs?",
        Chosen = "a dog sits on the mat",
        Rejected = "a cat sits on the mat",
    }.WithImages([.. pictures.Select(name => PreferenceImage.FromPath(GoldenData.Path("hf", "images", name)))]);

    private static EncodedPair Encode(VisionLanguageModel model, PreferenceExample example) =>
        new PreferenceEncoder(model.Processor, model.Network.DecoderConfig.MaxPositions).Encode(example, "x");

    private static float[] LogProbs(VisionLanguageModel model, PreferenceExample example)
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        using var pictures = new PictureStore(model.Network, towerFrozen: true);
        PackedBatch batch = new PairPacker(PairLayout.Packed).Pack([Encode(model, example)]);
        Tensor logProbs = ResponseLogProbs.Compute(
            model.Network, new BatchTensors(batch, CPU, ScalarType.Float32), pictures.Project(batch.Pictures));
        return logProbs.data<float>().ToArray();
    }
}
