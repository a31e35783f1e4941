using RlhfV.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Models.Tests.Checkpoints;

public sealed class StateLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Load_Module_FillsParametersAndBuffers()
    {
        using var from = Model();
        using var to = Model();
        var saved = from.state_dict().Select(s => KeyValuePair.Create("model." + s.Key, s.Value));
        CheckpointWriter.Save(_folder.Root, saved, ScalarType.BFloat16);
        using var source = TensorSource.Open(_folder.Root);

        StateLoader.Load(to, source, name => name["model.".Length..]);

        foreach (var (name, expected) in from.state_dict())
            Assert.True(expected.to(ScalarType.BFloat16).to(expected.dtype).equal(to.state_dict()[name]).all().item<bool>(), name);
    }

    [Fact]
    public void Load_NothingFits_ListsEverythingAtOnceAndReadsNothing()
    {
        var parameters = Parameters(("a", 2, 3), ("b", 4, 4), ("c", 1, 1), ("d", 1, 1));
        using var source = Source(("a", 3, 2), ("b", 4, 5), ("x", 1, 1), ("y", 1, 1), ("c", 1, 1));

        var error = Assert.Throws<CheckpointException>(() => StateLoader.Load(parameters, source, name => name));

        Assert.Equal(["d"], error.Missing);
        Assert.Equal(["x", "y"], error.Unexpected.Order());
        Assert.Equal(["a", "b"], error.Misshapen.Select(m => m.Name).Order());
        var a = error.Misshapen.Single(m => m.Name == "a");
        Assert.Equal([3, 2], a.Found);
        Assert.Equal([2, 3], a.Expected);
        string file = _folder.At("model.safetensors");
        Assert.Contains($"a is [3, 2] in '{file}', expected [2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 missing, 2 unexpected, 2 misshapen", error.Message, StringComparison.Ordinal);
        Assert.All(parameters.Values, p => Assert.Equal(0, p.count_nonzero().item<long>()));
    }

    [Fact]
    public void Load_NotStrict_FillsWhatIsThere()
    {
        var parameters = Parameters(("a", 2, 3), ("b", 4, 4));
        using var source = Source(("a", 2, 3), ("x", 1, 1));

        StateLoader.Load(parameters, source, name => name, strict: false);

        Assert.Equal(6, parameters["a"].count_nonzero().item<long>());
        Assert.Equal(0, parameters["b"].count_nonzero().item<long>());
    }

    [Fact]
    public void Load_NotStrict_StillRefusesOtherShapes()
    {
        using var source = Source(("a", 3, 2));

        var error = Assert.Throws<CheckpointException>(() =>
            StateLoader.Load(Parameters(("a", 2, 3), ("b", 1, 1)), source, name => name, strict: false));

        Assert.Empty(error.Missing);
        Assert.Single(error.Misshapen);
    }

    [Fact]
    public void Load_NullName_IsLeftOut()
    {
        var parameters = Parameters(("a", 2, 3));
        using var source = Source(("a", 2, 3), ("rotary_emb.inv_freq", 1, 4));

        StateLoader.Load(parameters, source, name => name.EndsWith("inv_freq", StringComparison.Ordinal) ? null : name);

        Assert.Equal(6, parameters["a"].count_nonzero().item<long>());
    }

    [Fact]
    public void Load_TwoForOneName_NamesBoth()
    {
        using var source = Source(("x", 2, 3), ("y", 2, 3));

        var error = Assert.Throws<ModelFormatException>(() => StateLoader.Load(Parameters(("a", 2, 3)), source, _ => "a"));

        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'y'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_IntegerIntoFloat_IsRefused()
    {
        CheckpointWriter.Save(_folder.Root, [new("a", ones(2, 3, dtype: ScalarType.Int64))]);
        using var source = TensorSource.Open(_folder.Root);

        var error = Assert.Throws<ModelFormatException>(() => StateLoader.Load(Parameters(("a", 2, 3)), source, name => name));

        Assert.Contains("Int64", error.Message, StringComparison.Ordinal);
    }

    private static nn.Module Model() =>
        nn.Sequential(("fc", nn.Linear(4, 3)), ("norm", nn.BatchNorm1d(3)), ("out", nn.Linear(3, 2, hasBias: false)));

    private static Dictionary<string, Tensor> Parameters(params (string Name, long Rows, long Columns)[] shapes) =>
        shapes.ToDictionary(s => s.Name, s => zeros(s.Rows, s.Columns));

    private TensorSource Source(params (string Name, long Rows, long Columns)[] shapes)
    {
        CheckpointWriter.Save(_folder.Root, shapes.Select(s => KeyValuePair.Create(s.Name, ones(s.Rows, s.Columns))));
        return TensorSource.Open(_folder.Root);
    }
}
