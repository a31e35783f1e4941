using RlhfV.Goldens;
using RlhfV.Models.Architectures.Qwen25Vl;
using RlhfV.Models.Images;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Architectures.Qwen25Vl;

/// <summary>What only Qwen2.5-VL has, against the reference's stored numbers: tower states in window order, grids, positions on three axes.</summary>
[Trait("Category", "Golden")]
public sealed class Qwen25VlGoldenTests
{
    private const string Family = "qwen25vl";

    public static TheoryData<string> Prompts => [.. Cases('c')];

    public static TheoryData<string> Conversations => [.. Cases('c', 't')];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Prompts))]
    public void Tower_AgreesAfterEveryLayer(string name)
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        var golden = new GoldenFamily(Family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        Qwen25VlVisionTower tower = ((Qwen25VlNetwork)model.Network).Tower;
        var states = new Dictionary<int, List<Tensor>>();
        foreach (ProcessedImage image in model.Processor.Process(golden.Conversation(name).Prompt))
        {
            tower.Run(PixelTensor.Stack([image], CPU), image.Grid, (layers, state) =>
            {
                states.TryAdd(layers, []);
                states[layers].Add(state[0].clone().MoveToOuterDisposeScope());
            });
        }

        // The reference keeps patches window by window inside the tower, all pictures one after another.
        long[] blocks = golden.Longs($"{name}.vision.window_index");
        long perBlock = states[0].Sum(s => s.shape[0]) / blocks.Length;
        Tensor order = tensor([.. blocks.SelectMany(b => Enumerable.Range(0, (int)perBlock).Select(i => b * perBlock + i))]);
        foreach ((int layers, List<Tensor> pictures) in states)
        {
            golden.AssertClose($"{name}.vision.hidden.{layers}", cat(pictures, 0).index_select(0, order));
        }

        golden.AssertClose($"{name}.vision.last_hidden_window_order", cat(states[states.Keys.Max()], 0).index_select(0, order));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Conversations))]
    public void Positions_AreTheReferences(string name)
    {
        var golden = new GoldenFamily(Family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        (Prompt prompt, string? answer) = golden.Conversation(name);
        IReadOnlyList<ProcessedImage> images = model.Processor.Process(prompt);
        Assert.Equal(golden.Longs($"{name}.image_grid_thw"), images.SelectMany(i => new long[] { i.Grid.Frames, i.Grid.Rows, i.Grid.Columns }));
        int[] ids = [.. golden.Longs($"{name}.input_ids").Select(id => (int)id)];
        TokenPositions positions = model.Processor.Locate!(ids, images);
        AssertPositions(golden.Longs($"{name}.position_ids"), ids.Length, row: 0, first: 0, positions);
        Assert.Equal(golden.Longs($"{name}.rope_deltas"), new[] { positions.Next - positions.Tokens });
        if (answer is null)
        {
            EncodedPrompt encoded = model.Processor.EncodePrompt(prompt);
            AssertPositions(golden.Longs($"{name}.position_ids"), ids.Length, row: 0, first: 0, encoded.Positions!);
        }
    }

    [Fact]
    public void Positions_OfAPaddedBatch_AreThoseOfItsRows()
    {
        Assert.SkipUnless(GoldenData.Has("hf", Family, "expected.json"), $"hf/{Family} is not in this root");
        var golden = new GoldenFamily(Family);
        using var model = VisionLanguageModel.Load(golden.Checkpoint);
        long[] mask = golden.Longs("batch.attention_mask");
        int columns = (int)golden.Values["batch.attention_mask"].Shape[1];
        string[] rows = [.. golden.Cases.GetProperty("batch").GetProperty("rows").EnumerateArray().Select(r => r.GetString()!)];
        for (int row = 0; row < rows.Length; row++)
        {
            TokenPositions positions = model.Processor.EncodePrompt(golden.Conversation(rows[row]).Prompt).Positions!;
            int first = mask.AsSpan(row * columns, columns).IndexOf(1);
            AssertPositions(golden.Longs("batch.position_ids"), columns, row, first, positions, rows.Length);
            Assert.Equal(golden.Longs("batch.rope_deltas")[row], positions.Next - positions.Tokens);
        }
    }

    private static void AssertPositions(long[] expected, int columns, int row, int first, TokenPositions actual, int rows = 1)
    {
        Assert.Equal(columns - first, actual.Tokens);
        for (int axis = 0; axis < actual.Axes; axis++)
        {
            long[] stored = expected.AsSpan(((axis * rows) + row) * columns + first, actual.Tokens).ToArray();
            Assert.Equal(stored, Enumerable.Range(0, actual.Tokens).Select(i => actual[i][axis]));
        }
    }

    private static IEnumerable<string> Cases(params char[] first) =>
        GoldenData.Has("hf", Family, "expected.json") ? new GoldenFamily(Family).CaseNames(first) : [];
}
