using RlhfV.Goldens;
using RlhfV.Models;
using RlhfV.Preferences;
using RlhfV.Training.Examples;
using RlhfV.Training.Lora;

namespace RlhfV.Training.Tests.Examples;

/// <summary>Muffin's training rows: ids, labels and weights of the official data set and collator.</summary>
[Trait("Category", "Golden")]
public sealed class MuffinEncodingGoldenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv-muffin").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Encode_AsReleased_GivesIdsLabelsAndWeightsOfTheReference()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using VisionLanguageModel model = Load();
        GoldenTensors batch = GoldenTensors.LoadGolden("rlhfv", "d_train", "batch_gamma1.1.safetensors");
        GoldenTensors weights = GoldenTensors.LoadGolden("rlhfv", "d_train", "weights_gamma5.safetensors");
        DenseDpoOptions options = DenseDpoOptions.Released;
        var encoder = new PreferenceEncoder(model.Processor, 2048, options.Segments, options.OneSided, options.CountPromptTokens);
        PreferenceExample[] examples = [.. PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", "rlhf-v.parquet"))
            .Take(GoldenMuffin.Profile.GetProperty("pairs").GetInt32())];
        for (int i = 0; i < examples.Length; i++)
        {
            EncodedPair pair = encoder.Encode(examples[i], $"row {i}");
            AssertRow("win", i, pair.Chosen);
            AssertRow("rej", i, pair.Rejected);
        }

        void AssertRow(string side, int row, EncodedSequence sequence)
        {
            long[] ids = Row(batch[$"{side}_input_ids"], row, values => values.ToLongs());
            long[] labels = Row(batch[$"{side}_labels"], row, values => values.ToLongs());
            float[] weight = Row(weights[$"{side}_token_weight"], row, values => values.ToFloats());
            Assert.Equal(ids.Take(sequence.Length), sequence.Ids.Select(id => (long)id));
            for (int t = 1; t < sequence.Length; t++)
            {
                TokenRole expected = labels[t] == -100 ? TokenRole.Unscored : weight[t - 1] == 5 ? TokenRole.Changed : TokenRole.Unchanged;
                Assert.True(expected == sequence.Roles[t], $"{side} {row}, token {t}: {sequence.Roles[t]}, expected {expected}.");
            }
        }
    }

    [Fact]
    public void Encode_AnswerAlone_LeavesTheTemplateOut()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using VisionLanguageModel model = Load();
        PreferenceExample example = PreferenceFile.Read(GoldenData.Path("rlhfv", "g_data", "rlhf-v.parquet")).First();
        EncodedSequence alone = new PreferenceEncoder(model.Processor, 2048).Encode(example, "x").Chosen;
        EncodedSequence counted = new PreferenceEncoder(model.Processor, 2048, countPromptTokens: true).Encode(example, "x").Chosen;
        Assert.Equal(alone.Ids, counted.Ids);
        Assert.True(alone.ScoredTokens < counted.ScoredTokens);
        string scored = model.Processor.Tokenizer.Decode([.. alone.Ids.Where((_, i) => alone.Roles[i] != TokenRole.Unscored)]);
        Assert.Equal($"{example.Chosen}\n### ", scored);
    }

    [Fact]
    public void Lora_ByDefault_AdaptsTheDecoderAlone_AndTheTowerByExpert()
    {
        Assert.SkipUnless(GoldenMuffin.Present, "rlhfv/d_train is not in this root.");
        using VisionLanguageModel model = Load();
        using (LoraAdapters adapters = LoraAdapters.Attach(model.Network, new LoraOptions { Rank = 2 }, seed: 1))
        {
            Assert.Equal(7 * model.Network.DecoderConfig.Layers, adapters.Names.Count);
            Assert.All(adapters.Names, name => Assert.StartsWith("model.layers.", name, StringComparison.Ordinal));
        }

        var options = new LoraOptions { Rank = 2, Parts = [NetworkPart.VisionTower], Targets = ["q_proj.B", "v_proj.B"] };
        using LoraAdapters tower = LoraAdapters.Attach(model.Network, options, seed: 1);
        Assert.Equal(2 * GoldenMuffin.Profile.GetProperty("vlayers").GetInt32(), tower.Names.Count);
    }

    private static T[] Row<T>(GoldenTensor rows, int index, Func<GoldenTensor, T[]> values) =>
        values(rows)[(int)(index * rows.Shape[1])..(int)((index + 1) * rows.Shape[1])];

    private VisionLanguageModel Load()
    {
        GoldenMuffin.CopyTo(_folder);
        return VisionLanguageModel.Load(_folder);
    }
}
