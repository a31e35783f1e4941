using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Examples;
using RlhfV.Training.Optimization;

namespace RlhfV.Training.Tests.Families;

/// <summary>What training promises holds for each family of models.</summary>
public sealed class EveryFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => TinyFamilies.Names;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_OnePair_IsLearnedByHeart(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        var options = new DenseDpoOptions
        {
            MaxSteps = 40,
            BatchSize = 1,
            LearningRate = 1e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
        };

        TrainingResult result = new PreferenceTrainer().Fit(
            model, [TinyFamilies.Examples(family)[0]], options, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(Math.Log(2), result.Curve[0].Loss, 1e-5);
        Assert.True(result.Final.Loss < 0.2, $"loss {result.Final.Loss}");
        Assert.Equal(1, result.Final.RewardAccuracy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_OneAnswer_IsLearnedByHeart(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        var options = new SupervisedOptions
        {
            MaxSteps = 40,
            BatchSize = 1,
            LearningRate = 3e-3,
            WarmupRatio = 0,
            Schedule = LearningRateSchedule.Constant,
        };

        TrainingResult result = new SupervisedTrainer().Fit(
            model, [InstructionExample.FromChosen(TinyFamilies.Examples(family)[0])], options, cancellation: TestContext.Current.CancellationToken);

        Assert.True(result.Final.Loss < 0.3 * result.Curve[0].Loss, $"loss {result.Curve[0].Loss} to {result.Final.Loss}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pack_AgainstTwoRows_LossesAndGradientsAgree(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        var encoder = new PreferenceEncoder(model.Processor, model.Network.DecoderConfig.MaxPositions);
        IReadOnlyList<EncodedPair> pairs = encoder.Encode(
            TinyFamilies.Examples(family), InvalidExamplePolicy.Refuse, cancellation: TestContext.Current.CancellationToken).Items;

        LayoutAgreement.Check(model.Network, pairs);
    }
}
