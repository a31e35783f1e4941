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
