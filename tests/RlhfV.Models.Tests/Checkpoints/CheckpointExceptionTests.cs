using RlhfV.Models.Checkpoints;

namespace RlhfV.Models.Tests.Checkpoints;

public sealed class CheckpointExceptionTests
{
    [Fact]
    public void Message_OfThirteenBillionParametersUnderAnotherPrefix_FitsAScreen()
    {
        string[] names = [.. Decoder("language_model.model.", 40), .. Tower("vision_tower.vision_model.", 24)];
        var error = new CheckpointException("llava-13b", names, [.. names.Select(name => "module." + name)], []);
        Assert.Equal((names.Length, names.Length), (error.Missing.Count, error.Unexpected.Count));
        Assert.InRange(names.Length, 700, 800);
        Assert.InRange(error.Message.Length, 500, 4000);
        Assert.Contains(
            $"{names.Length} of the unexpected names are missing ones with 'module.' in front instead of nothing", error.Message, StringComparison.Ordinal);
        Assert.Contains("language_model.model.layers.{0..39}.self_attn.q_proj.weight (40)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_OfThousandsOfUnlikeNames_TellsTwentyAndTheirNumber()
    {
        string[] names = [.. Enumerable.Range(0, 5000).Select(i => $"part{i}.weight")];
        string message = new CheckpointException("m", names, [], []).Message;
        Assert.Contains("part19.weight; and 4,980 more.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("part20.weight", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, "a.{0..2}.w (3)")]
    [InlineData(new[] { 7, 2, 3, 9 }, "a.{2..3,7,9}.w (4)")]
    [InlineData(new[] { 1, 3, 5, 7, 9 }, "a.*.w (5)")]
    [InlineData(new[] { 4 }, "a.4.w.")]
    public void Message_NamesOfLayers_AreOne(int[] layers, string said) => Assert.Contains(
        $"Missing: {said}", new CheckpointException("m", [.. layers.Select(i => $"a.{i}.w")], [], []).Message, StringComparison.Ordinal);

    [Fact]
    public void Message_TwoNumbersThatDiffer_AreStars() => Assert.Contains(
        "a.*.b.*.w (2)", new CheckpointException("m", ["a.0.b.1.w", "a.1.b.2.w"], [], []).Message, StringComparison.Ordinal);

    [Fact]
    public void Message_Misshapen_AreGroupedByShapes_WithFileOrNumberOfFiles()
    {
        string message = new CheckpointException("m", [], [], [Mismatch(0, 8, "a"), Mismatch(1, 8, "b"), Mismatch(2, 9, "b"), Mismatch(3, 9, "b")]).Message;
        Assert.Contains("l.{0..1}.w (2) is [8, 2] in 2 files, expected [4, 2]", message, StringComparison.Ordinal);
        Assert.Contains("l.{2..3}.w (2) is [9, 2] in 'b', expected [4, 2]", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("language_model.model.layers.0.w", "model.layers.0.w", "with nothing in front instead of 'language_model.'")]
    [InlineData("language_model.model.layers.0.w", "base.model.layers.0.w", "with 'base.' in front instead of 'language_model.'")]
    [InlineData("model.layers.0.w", "other.things.0.b", "Check that config.json belongs to these weights")]
    [InlineData("model.layers.0.w", "model.layers.0.w", "Check that config.json belongs to these weights")]
    [InlineData("model.layers.0.w.weight", "model.layers.0.w.lora_A.weight", "merge_and_unload")]
    [InlineData("model.layers.0.w.weight", "model.layers.0.w.weight.absmax", "quantised")]
    public void Message_NamesThatTellWhatIsWrong_SayIt(string missing, string unexpected, string said)
    {
        string Other(string name) => name.Replace(".0.", ".1.", StringComparison.Ordinal);
        var error = new CheckpointException("m", [missing, Other(missing)], [unexpected, Other(unexpected)], []);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static ShapeMismatch Mismatch(int layer, long rows, string file) => new($"l.{layer}.w", $"l.{layer}.w", [rows, 2], [4, 2], file);

    private static IEnumerable<string> Decoder(string prefix, int layers) => Enumerable.Range(0, layers).SelectMany(i => new[]
    {
        "self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight", "self_attn.o_proj.weight", "mlp.gate_proj.weight",
        "mlp.up_proj.weight", "mlp.down_proj.weight", "input_layernorm.weight", "post_attention_layernorm.weight",
    }.Select(part => $"{prefix}layers.{i}.{part}"));

    private static IEnumerable<string> Tower(string prefix, int layers) => Enumerable.Range(0, layers).SelectMany(i => new[]
    {
        "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2", "layer_norm1", "layer_norm2",
    }.SelectMany(part => new[] { $"{prefix}encoder.layers.{i}.{part}.weight", $"{prefix}encoder.layers.{i}.{part}.bias" }));
}
