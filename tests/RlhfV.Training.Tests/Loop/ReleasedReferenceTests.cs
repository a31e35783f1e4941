using System.Text.Json;
using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Examples;
using RlhfV.Training.Loop;
using RlhfV.Training.Packing;
using RlhfV.Training.Pictures;
using RlhfV.Training.Tests.Families;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Loop;

/// <summary>The reference pass in the released code's precision.</summary>
public sealed class ReleasedReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Families => TinyFamilies.Names;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Golden")]
    public void Of_TinyMuffin_GivesTheOfficialSumsWithinOneStepOfBFloat16()
    {
        using VisionLanguageModel model = TinyFamilies.Load("muffin", _folder), copy = model.Clone(ScalarType.BFloat16);
        JsonElement expected = GoldenMuffin.ReadJson("reference_logps.json").GetProperty("other_precisions").GetProperty("bfloat16_model_float16_images");
        using var reference = new ReleasedReference(copy.Network, CPU);
        using IDisposable quiet = no_grad();
        int equal = 0;
        foreach ((EncodedPair pair, JsonElement row) in MuffinPairs(model).Zip(expected.EnumerateArray()))
        {
            RoundedScores scores = reference.Of(pair).Scores!.Value;
            Check(row.GetProperty("chosen_sum").GetDouble(), scores.ChosenSum);
            Check(row.GetProperty("rejected_sum").GetDouble(), scores.RejectedSum);
        }

        int sums = 2 * expected.GetArrayLength();
        TestContext.Current.TestOutputHelper!.WriteLine($"{equal} of {sums} sums are equal, the others off by one step.");

        // Kernels add in other orders, so a few sums fall on the other side of a rounding.
        Assert.True(equal >= 0.75 * sums, $"{equal} of {sums} sums are equal.");

        void Check(double sum, float actual)
        {
            equal += actual == sum ? 1 : 0;
            Assert.Equal(sum, actual, StepAt(sum));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Prepare_EveryFamily_GivesBFloat16NearTheExactValuesAndLeavesTheModelAlone(string family)
    {
        using VisionLanguageModel model = TinyFamilies.Load(family, _folder);
        using var scope = NewDisposeScope();
        float[] before = TinyNetworks.Weights(model.Network);

        (float[] rounded, float[] scores) = Prepared(model, family, new() { ReferencePrecision = ReferencePrecision.Released });
        (float[] exact, _) = Prepared(model, family, new());

        Assert.Equal(before, TinyNetworks.Weights(model.Network));
        Assert.All(model.Network.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.Equal(exact.Length, rounded.Length);
        Assert.All([.. rounded, .. scores], IsBFloat16);
        Assert.NotEqual(exact, rounded);

        // Three digits in every product: random weights carry single tokens further, a mistake would move all of them.
        double error = exact.Zip(rounded, (one, other) => Math.Abs((double)one - other)).Average();
        TestContext.Current.TestOutputHelper!.WriteLine($"{family}: {error:F3} nat a token");
        Assert.InRange(error, 1e-3, 0.2);
    }

    [Fact]
    public void Prepare_LayoutPassesAndLora_ChangeNoBit()
    {
        using VisionLanguageModel model = TinyFamilies.Load("llava", _folder);
        using var scope = NewDisposeScope();

        DenseDpoOptions Options() => new() { ReferencePrecision = ReferencePrecision.Released };
        (float[] packed, float[] scores) = Prepared(model, "llava", Options());
        DenseDpoOptions rows = Options(), low = Options();
        (rows.Layout, rows.MicroBatchTokens, rows.FrozenParts) = (PairLayout.TwoRows, 1, [NetworkPart.VisionTower]);
        low.Lora = new() { Rank = 2 };

        Assert.All([Prepared(model, "llava", rows), Prepared(model, "llava", low)], other =>
        {
            Assert.Equal(packed, other.Tokens);
            Assert.Equal(scores, other.Scores);
        });
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(1.1, false)]
    public void Fit_FirstLoss_ComparesRoundedScoresInPlainDpoAndSumsOfTokensElse(double gamma, bool normalize)
    {
        using VisionLanguageModel model = TinyFamilies.Load("llava", _folder), copy = model.Clone(ScalarType.BFloat16);
        using IDisposable quiet = no_grad();
        using var scope = NewDisposeScope();
        DenseDpoOptions options = Options(null);
        (options.Gamma, options.Normalize) = (gamma, normalize);
        using var reference = new ReleasedReference(copy.Network, CPU);
        using var pictures = new PictureStore(model.Network, towerFrozen: false);
        double expected = Pairs(model, "llava").Average(pair =>
        {
            PackedBatch batch = new PairPacker(PairLayout.TwoRows).Pack([pair]);
            float[] policy = ResponseLogProbs.Compute(model.Network, new BatchTensors(batch, CPU, ScalarType.Float32), pictures.Project(batch.Pictures))
                .data<float>().ToArray();
            ReferenceTable.Row row = reference.Of(pair);
            RoundedScores scores = row.Scores!.Value;
            double chosen = Margin(pair.Chosen, policy.AsSpan(0, batch.Columns), row.Chosen, normalize ? scores.ChosenMean : scores.ChosenSum);
            double rejected = Margin(pair.Rejected, policy.AsSpan(batch.Columns), row.Rejected, normalize ? scores.RejectedMean : scores.RejectedSum);
            return Math.Log(1 + Math.Exp(-options.Beta * (chosen - rejected)));
        });

        double loss;
        using (enable_grad())
        {
            loss = Fit(model, options).Curve[0].Loss;
        }

        Assert.Equal(expected, loss, 2e-6);
        Assert.NotEqual(Math.Log(2), loss, 1e-5);

        double Margin(EncodedSequence sequence, ReadOnlySpan<float> policy, float[] tokens, float rounded)
        {
            (double sum, double referenceSum, double weights) = (0, 0, 0);
            TokenRole[] roles = [.. sequence.Roles.Where(role => role != TokenRole.Unscored)];
            for (int t = 0; t < roles.Length; t++)
            {
                double weight = roles[t] == TokenRole.Changed ? gamma : 1;
                (sum, referenceSum, weights) = (sum + weight * policy[t], referenceSum + weight * tokens[t], weights + weight);
            }

            double scale = normalize ? weights : 1;
            return (sum / scale) - (gamma == 1 ? rounded : referenceSum / scale);
        }
    }

    [Fact]
    public void Fit_StoppedAndContinued_EqualsARunThatNeverStoppedAndComputesTheReferenceOnce()
    {
        using VisionLanguageModel whole = TinyFamilies.Load("llava", _folder), part = whole.Clone(), continued = whole.Clone();
        TrainingResult expected = Fit(whole, Options(null));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Assert.Throws<OperationCanceledException>(() => new PreferenceTrainer().Fit(
            part, TinyFamilies.Examples("llava"), Options(_folder.File("run")), new Stopper(stop), stop.Token));
        string cache = Directory.GetFiles(_folder.File("run"), "reference-*.safetensors").Single();
        DateTime written = File.GetLastWriteTimeUtc(cache);

        TrainingResult result = Fit(continued, Options(_folder.File("run")));

        Assert.Equal(TinyNetworks.Weights(whole.Network), TinyNetworks.Weights(continued.Network));
        Assert.Equal(expected.Curve.Select(step => step.Loss), result.Curve.Select(step => step.Loss));
        Assert.Equal(written, File.GetLastWriteTimeUtc(cache));
        using JsonDocument identity = JsonDocument.Parse(File.ReadAllBytes(_folder.File("run", "run.json")));
        Assert.Equal("Released", identity.RootElement.GetProperty("options").GetProperty("referencePrecision").GetString());
        Assert.True(identity.RootElement.GetProperty("options").GetProperty("roundVisionTower").GetBoolean());
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void Fit_ReleasedAsItIs_StartsBesideLogTwoForRoundingAndOtherViews()
    {
        using VisionLanguageModel model = TinyFamilies.Load("muffin", _folder);
        DenseDpoOptions options = DenseDpoOptions.Released;
        options.MaxSteps = 2;

        TrainingResult result = new PreferenceTrainer().Fit(
            model, [.. PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", "rlhf-v.parquet"))], options,
            cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(Math.Log(2), result.Curve[0].Loss, 0.2);
        Assert.NotEqual(Math.Log(2), result.Curve[0].Loss, 1e-3);
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void Load_OtherPrecision_FindsNothing()
    {
        using VisionLanguageModel model = TinyFamilies.Load("llava", _folder);
        IReadOnlyList<EncodedPair> pairs = Pairs(model, "llava");
        var cache = new ReferenceCache(_folder.Path, "weights");
        var table = new ReferenceTable();
        foreach ((int i, EncodedPair pair) in pairs.Index())
        {
            table[pair] = new([.. Enumerable.Repeat(i + 0.5f, pair.Chosen.ScoredTokens)], [.. Enumerable.Repeat(i + 0.25f, pair.Rejected.ScoredTokens)])
            {
                Scores = new(i, i + 10, i + 20, i + 30),
            };
        }

        cache.Save(table, pairs, ReferencePrecision.Released);

        Assert.Null(cache.Load(pairs, ReferencePrecision.SameAsPolicy));
        ReferenceTable read = cache.Load(pairs, ReferencePrecision.Released)!;
        Assert.All(pairs, pair =>
        {
            Assert.Equal(table[pair].Chosen, read[pair].Chosen);
            Assert.Equal(table[pair].Rejected, read[pair].Rejected);
            Assert.Equal(table[pair].Scores, read[pair].Scores);
        });
        cache.Save(table, pairs, ReferencePrecision.SameAsPolicy);
        Assert.Null(cache.Load(pairs, ReferencePrecision.SameAsPolicy)![pairs[0]].Scores);
        Assert.Equal(2, Directory.GetFiles(_folder.Path, "reference-*.safetensors").Length);
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void Fit_StoredSums_AreWhatPlainDpoComparesWith()
    {
        using VisionLanguageModel model = TinyFamilies.Load("muffin", _folder);
        PreferenceExample example = PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", "RLHFV_SFT_with_logp.parquet")).First();
        DenseDpoOptions options = Options(null);
        (options.Reference, options.MaxSteps, options.RoundVisionTower) = (ReferenceSource.Stored, 1, false);

        // As if rounding had moved the chosen sum by a step of 2.
        example = example with { ReferenceLogProbs = example.ReferenceLogProbs! with { ChosenSum = example.ReferenceLogProbs.ChosenSum - 2 } };
        TrainingResult result = new PreferenceTrainer().Fit(model, [example], options, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(2 * options.Beta, result.Curve[0].RewardMargin, 1e-3);
    }

    private static void IsBFloat16(float value) => Assert.Equal(0, BitConverter.SingleToInt32Bits(value) & 0xFFFF);

    private static double StepAt(double value) => Math.Pow(2, Math.Floor(Math.Log2(Math.Abs(value))) - 7);

    private static IReadOnlyList<EncodedPair> MuffinPairs(VisionLanguageModel model)
    {
        DenseDpoOptions options = DenseDpoOptions.Released;
        var encoder = new PreferenceEncoder(model.Processor, 2048, options.Segments, options.OneSided, options.CountPromptTokens);
        PreferenceExample[] examples = [.. PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", "rlhf-v.parquet"))];
        return encoder.Encode(examples, InvalidExamplePolicy.Refuse, cancellation: TestContext.Current.CancellationToken).Items;
    }

    private static IReadOnlyList<EncodedPair> Pairs(VisionLanguageModel model, string family) =>
        new PreferenceEncoder(model.Processor, model.Network.DecoderConfig.MaxPositions).Encode(
            TinyFamilies.Examples(family), InvalidExamplePolicy.Refuse, cancellation: TestContext.Current.CancellationToken).Items;

    private (float[] Tokens, float[] Scores) Prepared(VisionLanguageModel model, string family, DenseDpoOptions options)
    {
        IReadOnlyList<EncodedPair> pairs = Pairs(model, family);
        using var pictures = new PictureStore(model.Network, !options.TowerLearns);
        var task = new PreferenceTask(model.Network, CPU, pairs, pictures, options.Checked(), () => model.Clone(ScalarType.BFloat16));
        var cache = new ReferenceCache(Directory.CreateDirectory(_folder.File(Guid.NewGuid().ToString("N"))).FullName, "weights");
        task.Prepare(cache, TestContext.Current.CancellationToken);
        ReferenceTable table = cache.Load(pairs, options.ReferencePrecision)!;
        return (
            [.. pairs.SelectMany(pair => table[pair].Chosen.Concat(table[pair].Rejected))],
            [.. pairs.Select(pair => table[pair].Scores).OfType<RoundedScores>().SelectMany(s => new[] { s.ChosenSum, s.ChosenMean, s.RejectedSum, s.RejectedMean })]);
    }

    private static DenseDpoOptions Options(string? folder)
    {
        DenseDpoOptions options = DenseDpoOptions.Released;
        (options.Gamma, options.BatchSize, options.MaxSteps, options.MaxTokens, options.LearningRate) = (1, 3, 4, null, 1e-3);
        (options.Augmentation, options.Segments, options.OneSided) = (null, SegmentSource.AnnotationOrDiff, OneSidedEdits.Weighted);
        (options.CheckpointSteps, options.RunFolder) = (folder is null ? null : 1, folder);
        return options;
    }

    private static TrainingResult Fit(VisionLanguageModel model, DenseDpoOptions options) => new PreferenceTrainer().Fit(
        model, TinyFamilies.Examples("llava"), options, cancellation: TestContext.Current.CancellationToken);

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == 2)
            {
                stop.Cancel();
            }
        }
    }
}
