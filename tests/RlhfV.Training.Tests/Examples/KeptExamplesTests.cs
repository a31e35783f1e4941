using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Examples;
using RlhfV.Training.Optimization;
using RlhfV.Training.Packing;
using RlhfV.Training.Tests.Families;

namespace RlhfV.Training.Tests.Examples;

/// <summary>Rows that the released code trains on although they are too long or teach nothing.</summary>
public sealed class KeptExamplesTests : IDisposable
{
    private const string Long = "many more words that stand after the place where the row is cut";

    private readonly TemporaryFolder _folder = new();
    private readonly VisionLanguageModel _model;
    private readonly int _prompt;

    public KeptExamplesTests()
    {
        _model = TinyFamilies.Load("llava", _folder);
        _prompt = Encoder(500).Encode(Good, "x").Chosen.Roles.TakeWhile(role => role == TokenRole.Unscored).Count();
    }

    public static TheoryData<PairLayout> Layouts => [PairLayout.Packed, PairLayout.TwoRows];

    private static PreferenceExample Good => TinyModel.Example("a dog", "a cat");

    private PreferenceExample TooLong => TinyModel.Example($"a dog and {Long}", $"a cat and {Long}") with
    {
        Prompt = $"{Good.Prompt} Say {Long}.",
        Origin = new() { Id = "b7" },
    };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("llava")]
    [InlineData("muffin")]
    [InlineData("qwen25vl")]
    public void Encode_RowThatIsTooLong_IsTheBeginningOfTheWholeRow(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        PreferenceExample example = TinyModel.Example($"one dog {Long}", $"one cat {Long}");
        EncodedPair whole = Pair(2000);
        int limit = whole.Chosen.Length - 5;

        EncodedPair cut = Pair(limit);

        Assert.Equal(limit, cut.Chosen.Length);
        Assert.Equal(whole.Chosen.Ids.Take(limit), cut.Chosen.Ids);
        Assert.Equal(whole.Chosen.Roles.Take(limit), cut.Chosen.Roles);
        Assert.True(cut.Chosen.WasCut && !whole.Chosen.WasCut);
        Assert.Equal(whole.Chosen.Positions is null, cut.Chosen.Positions is null);
        for (int t = 0; t < (cut.Chosen.Positions?.Tokens ?? 0); t++)
        {
            Assert.Equal(whole.Chosen.Positions![t].ToArray(), cut.Chosen.Positions![t].ToArray());
        }

        EncodedPair Pair(int tokens) => Assert.Single(new PreferenceEncoder(model.Processor, tokens, countPromptTokens: true).Encode(
            [example], InvalidExamplePolicy.Keep, cancellation: TestContext.Current.CancellationToken).Items);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Fit_NothingLeftOfTheAnswers_AddsLogTwoAndNoGradient(PairLayout layout)
    {
        using VisionLanguageModel alone = _model.Clone(), together = _model.Clone(), empty = _model.Clone();

        TrainingResult one = Fit(alone, layout, Good);
        TrainingResult two = Fit(together, layout, Good, TooLong);
        TrainingResult none = Fit(empty, layout, TooLong);

        Assert.Equal(one.Curve[0].GradientNorm / 2, two.Curve[0].GradientNorm, 1e-5 * one.Curve[0].GradientNorm);
        Assert.Equal((one.Curve[^1].Loss + Math.Log(2)) / 2, two.Curve[^1].Loss, 1e-4);
        Assert.Equal((Math.Log(2), 0), (none.Final.Loss, none.Final.GradientNorm), new Near(1e-6));
        Assert.Equal(TinyNetworks.Weights(_model.Network), TinyNetworks.Weights(empty.Network));
        Assert.Equal(2, two.Pairs);
        Assert.Empty(two.Skipped);
        Assert.Empty(one.Diagnostics);
        Assert.Collection(
            two.Diagnostics,
            cut => Assert.Equal($"1 of 2 examples were cut at {_prompt + 20} tokens: example 1 (b7).", cut),
            nothing => Assert.StartsWith("1 of 2 examples teach nothing and were kept, adding log 2", nothing, StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_ReleasedReference_TakesEmptyRowsToo()
    {
        using VisionLanguageModel model = _model.Clone();
        DenseDpoOptions options = Options(PairLayout.Packed);
        (options.ReferencePrecision, options.RunFolder) = (ReferencePrecision.Released, _folder.File("run"));

        TrainingResult result = new PreferenceTrainer().Fit(model, [TooLong, Good], options, cancellation: TestContext.Current.CancellationToken);

        Assert.All(result.Curve, step => Assert.True(double.IsFinite(step.Loss)));
    }

    [Fact]
    public void Fit_EqualAnswers_AreKept()
    {
        using VisionLanguageModel model = _model.Clone();

        TrainingResult result = Fit(model, PairLayout.Packed, TinyModel.Example("the same", "the same"));

        Assert.Equal(Math.Log(2), result.Final.Loss, 1e-6);
        Assert.Equal(0, result.Final.GradientNorm, 1e-6);
        Assert.Contains("example 0", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_MeanOfNoToken_IsRefusedByName()
    {
        using VisionLanguageModel model = _model.Clone();
        DenseDpoOptions options = Options(PairLayout.Packed);
        options.Normalize = true;

        var error = Assert.Throws<ArgumentException>(() => new PreferenceTrainer().Fit(
            model, [Good, TooLong], options, cancellation: TestContext.Current.CancellationToken));

        Assert.Equal("examples", error.ParamName);
        Assert.All(["example 1 (b7)", "Normalize", "Skip"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Encode_LimitInsideAPicture_IsRefused()
    {
        int picture = Encoder(500).Encode(Good, "x").Chosen.Ids.ToList().LastIndexOf((int)_model.Network.ImageTokenId);

        var error = Assert.Throws<ArgumentException>(() => Keep(Encoder(picture), Good));

        Assert.Contains("a picture cannot be cut", error.Message, StringComparison.Ordinal);
        Assert.Equal(picture + 1, Keep(Encoder(picture + 1), Good).Chosen.Length);
        Assert.Throws<ArgumentException>(() => Keep(new PreferenceEncoder(_model.Processor, picture + 1), Good));
    }

    [Theory]
    [InlineData("no/such.png", "a", "b")]
    [InlineData("a.png", " ", "b")]
    public void Encode_WhatCannotBeComputed_IsRefusedAsEver(string picture, string chosen, string rejected) =>
        Assert.Throws<ArgumentException>(() => Keep(Encoder(500), TinyModel.Example(chosen, rejected, picture)));

    [Fact]
    public void Checked_SupervisedOptions_KnowNoSuchRows()
    {
        var error = Assert.Throws<ArgumentException>(new SupervisedOptions { InvalidExamples = InvalidExamplePolicy.Keep }.Checked);

        Assert.Contains("InvalidExamples is Keep", error.Message, StringComparison.Ordinal);
    }

    private static EncodedPair Keep(PreferenceEncoder encoder, PreferenceExample example) => Assert.Single(
        encoder.Encode([example], InvalidExamplePolicy.Keep, cancellation: TestContext.Current.CancellationToken).Items);

    private PreferenceEncoder Encoder(int tokens) => new(_model.Processor, tokens) { ImageTokenId = _model.Network.ImageTokenId };

    private DenseDpoOptions Options(PairLayout layout) => new()
    {
        InvalidExamples = InvalidExamplePolicy.Keep,
        Normalize = false,
        Layout = layout,
        MaxTokens = _prompt + 20,
        MaxSteps = 2,
        LearningRate = 1e-6,
        WarmupRatio = 0,
        Schedule = LearningRateSchedule.Constant,
    };

    private TrainingResult Fit(VisionLanguageModel model, PairLayout layout, params PreferenceExample[] examples) =>
        new PreferenceTrainer().Fit(model, examples, Options(layout), cancellation: TestContext.Current.CancellationToken);

    private sealed class Near(double tolerance) : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) =>
            Math.Abs(x.Item1 - y.Item1) <= tolerance && Math.Abs(x.Item2 - y.Item2) <= tolerance;

        public int GetHashCode((double, double) obj) => 0;
    }
}
