using RlhfV.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Checkpoints;

public sealed class ShardIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ShardIndexTests()
    {
        using var tensor = ones(2);
        Safetensors.Save(_folder.At("a.safetensors"), [new("w", tensor), new("v", tensor)]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_OnlyWhatTheIndexNames_IsListed()
    {
        using var source = Open("""{"weight_map": {"w": "a.safetensors"}}""");

        Assert.Equal(["w"], source.Tensors.Keys);
    }

    [Theory]
    [InlineData("../a.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/a.safetensors")]
    [InlineData("sub\\\\a.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    public void Open_ShardElsewhere_IsRefused(string shard)
    {
        var error = Assert.Throws<ModelFormatException>(() => Open($$"""{"weight_map": {"w": "{{shard}}"} }"""));

        Assert.Contains("a file beside it", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map": {"w": "b.safetensors"}}""", "1 shards, of which 1 are not beside it: 'b.safetensors'")]
    [InlineData("""{"weight_map": {"w": "a.safetensors", "x": "a.safetensors", "y": "a.safetensors"}}""", "'x' in 'a.safetensors', 'y' in 'a.safetensors'")]
    [InlineData("""{"weight_map": {"w": 3}}""", "'w' as Number")]
    [InlineData("""{"weight_map": {"w": "a.safetensors", "w": "a.safetensors"}}""", "'w' twice")]
    [InlineData("""{"metadata": {}}""", "no object 'weight_map'")]
    [InlineData("""[]""", "no object 'weight_map'")]
    [InlineData("""{"weight_map": """, "not valid JSON")]
    public void Open_WrongIndex_SaysWhatIsWrong(string json, string said)
    {
        var error = Assert.Throws<ModelFormatException>(() => Open(json));

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("model.safetensors.index.json", error.Message, StringComparison.Ordinal);
    }

    private TensorSource Open(string json)
    {
        _folder.Write("model.safetensors.index.json", json);
        return TensorSource.Open(_folder.Root);
    }
}
