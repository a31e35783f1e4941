using RlhfV.Models;
using RlhfV.Training.Optimization;
using RlhfV.Training.Packing;

namespace RlhfV.Training.Tests;

public class DenseDpoOptionsTests
{
    [Fact]
    public void Presets_HoldTheNumbersOfTheTwoRecipes()
    {
        DenseDpoOptions paper = DenseDpoOptions.Paper, released = DenseDpoOptions.Released;

        Assert.Equal((0.5, 5.0, true), (paper.Beta, paper.Gamma, paper.Normalize));
        Assert.Equal((5e-7, 7, 32, 0.1), (paper.LearningRate, paper.Epochs, paper.BatchSize, paper.WarmupRatio));
        Assert.Equal((0.1, 1.1, false), (released.Beta, released.Gamma, released.Normalize));
        Assert.Equal((5e-7, 2160L, 8, 0.03), (released.LearningRate, released.MaxSteps, released.BatchSize, released.WarmupRatio));
        Assert.Equal((LearningRateSchedule.Cosine, 0.0, 2048), (released.Schedule, released.WeightDecay, released.MaxTokens!.Value));
        Assert.Equal(
            (ReferencePrecision.SameAsPolicy, false, InvalidExamplePolicy.Refuse), (paper.ReferencePrecision, paper.RoundVisionTower, paper.InvalidExamples));
        Assert.Equal(
            (ReferencePrecision.Released, true, InvalidExamplePolicy.Keep),
            (released.ReferencePrecision, released.RoundVisionTower, released.InvalidExamples));
        Assert.NotNull(released.Checked());
    }

    [Fact]
    public void Presets_AreFreshObjects() => Assert.NotSame(DenseDpoOptions.Paper, DenseDpoOptions.Paper);

    [Fact]
    public void Checked_SeveralMistakes_NamesAllOfThem()
    {
        var options = new DenseDpoOptions
        {
            Beta = 0,
            Gamma = double.NaN,
            BatchSize = 0,
            WarmupRatio = 1.5,
            MaxSteps = 0,
            Schedule = (LearningRateSchedule)9,
            ReferencePrecision = (ReferencePrecision)9,
            FrozenParts = [NetworkPart.VisionTower, NetworkPart.Connector, NetworkPart.Decoder],
            RunFolder = " ",
            Selection = WeightSelection.BestValidation,
            Segments = SegmentSource.ReleasedDiff,
        };

        var error = Assert.Throws<ArgumentException>(options.Checked);

        Assert.Equal("options", error.ParamName);
        Assert.All(
            [
                "Beta", "Gamma", "BatchSize", "WarmupRatio", "MaxSteps", "Schedule", "ReferencePrecision",
                "FrozenParts", "RunFolder", "ValidationShare", "OneSided",
            ],
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Checked_LoraMistakes_AreListedWithTheOthers()
    {
        var options = new DenseDpoOptions
        {
            Lora = new() { Rank = 0, Dropout = 1, Targets = [], Parts = [NetworkPart.Decoder] },
            FrozenParts = [NetworkPart.Decoder],
        };

        var error = Assert.Throws<ArgumentException>(options.Checked);

        Assert.All(["Rank", "Dropout", "Targets", "FrozenParts"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Checked_OutOfRange_SaysWhatIsExpectedInWords()
    {
        var options = new DenseDpoOptions { Gamma = -1, BatchSize = 0, ValidationShare = 1, AdamBeta1 = 1, Layout = (PairLayout)9 };

        var error = Assert.Throws<ArgumentException>(options.Checked);

        Assert.All(
            [
                "5 mistakes in DenseDpoOptions", "Gamma is -1; expected more than 0.", "BatchSize is 0; expected at least 1.",
                "ValidationShare is 1; expected 0 to 0.5.", "AdamBeta1 is 1; expected at least 0 and less than 1.",
                "Layout is 9; expected Packed or TwoRows.",
            ],
            sentence => Assert.Contains(sentence, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Checked_LaterChanges_DoNotReachTheCopy()
    {
        var options = new DenseDpoOptions { FrozenParts = [NetworkPart.VisionTower] };

        DenseDpoOptions copy = options.Checked();
        options.Beta = 3;
        options.FrozenParts.Clear();

        Assert.Equal(0.5, copy.Beta);
        Assert.Equal([NetworkPart.VisionTower], copy.FrozenParts);
    }
}
