using RlhfV.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = RlhfV.Training.Optimization.AdamW;

namespace RlhfV.Training.Tests.Optimization;

public class AdamWTests
{
    public AdamWTests() => RlhfV.Models.Native.NativeLibraries.EnsureLoaded();

    [Fact]
    public void Step_TwentyTimesWithGroups_EqualsTorchSharps()
    {
        using var scope = NewDisposeScope();
        Parameter[] ours = Make(), theirs = Make();
        using var flat = new FlatParameters(Named(ours), (_, p) => new ParameterGroup(p.ndim > 1 ? 0.1 : 0));
        using var optimizer = new AdamW(flat, new AdamWOptions(0.9, 0.95, 1e-8));
        var reference = optim.AdamW(
        [
            new TorchSharp.Modules.AdamW.ParamGroup(theirs.Where(p => p.ndim > 1), lr: 1e-3, beta1: 0.9, beta2: 0.95, eps: 1e-8,
                weight_decay: 0.1),
            new TorchSharp.Modules.AdamW.ParamGroup(theirs.Where(p => p.ndim == 1), lr: 1e-3, beta1: 0.9, beta2: 0.95, eps: 1e-8,
                weight_decay: 0.0),
        ]);

        for (int step = 0; step < 20; step++)
        {
            Tensor[] gradients = Gradients(ours, step);
            for (int i = 0; i < ours.Length; i++)
            {
                ours[i].grad!.copy_(gradients[i]);
                theirs[i].grad = gradients[i];
            }

            optimizer.Step(1e-3);
            reference.step();
        }

        for (int i = 0; i < ours.Length; i++)
        {
            Assert.All(Values(ours[i]).Zip(Values(theirs[i])), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        }
    }

    [Fact]
    public void Step_ByTensors_EqualsTheFusedPass()
    {
        using var scope = NewDisposeScope();
        Parameter[] wide = Make();
        Parameter[] narrow = [.. Make().Select(p => new Parameter(p.detach().to(ScalarType.BFloat16)))];
        using (no_grad())
        {
            foreach ((Parameter w, Parameter n) in wide.Zip(narrow))
            {
                w.copy_(n);
            }
        }

        using var wideFlat = new FlatParameters(Named(wide), (_, _) => new ParameterGroup(0.01));
        using var narrowFlat = new FlatParameters(Named(narrow), (_, _) => new ParameterGroup(0.01));
        using var fused = new AdamW(wideFlat, new AdamWOptions());
        using var byTensors = new AdamW(narrowFlat, new AdamWOptions());
        for (int step = 0; step < 5; step++)
        {
            Tensor[] gradients = Gradients(wide, step);
            for (int i = 0; i < wide.Length; i++)
            {
                narrow[i].grad!.copy_(gradients[i]);
                wide[i].grad!.copy_(narrow[i].grad!);
            }

            Assert.Equal(fused.GradientNorm(), byTensors.GradientNorm(), 1e-4);
            fused.Step(1e-4, gradientScale: 0.5);
            byTensors.Step(1e-4, gradientScale: 0.5);
        }

        Assert.All(Values(fused.Master).Zip(Values(byTensors.Master)), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.All(Values(narrow[0].to(ScalarType.Float32)).Zip(Values(wide[0])), pair =>
            Assert.Equal(pair.Second, pair.First, 0.01 * Math.Abs(pair.Second) + 1e-6));
    }

    [Fact]
    public void Step_LearningRateFarBelowBf16Spacing_StillMovesTheMasterCopy()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(full([64], 0.02f).to(ScalarType.BFloat16));
        using var flat = new FlatParameters([("w", weight)], (_, _) => default(ParameterGroup) with { LearningRateScale = 1 });
        using var optimizer = new AdamW(flat, new AdamWOptions());
        float before = Values(optimizer.Master)[0];
        for (int step = 0; step < 10; step++)
        {
            weight.grad!.copy_(ones(64));
            optimizer.Step(5e-7);
        }

        Assert.Equal(5e-6, before - Values(optimizer.Master)[0], 1e-7);
    }

    [Fact]
    public void Step_GroupWithoutLearningRate_StaysWhileItsGradientCounts()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = Make();
        float[] before = Values(parameters[0]);
        using var flat = new FlatParameters(Named(parameters), (name, _) => new ParameterGroup(0, name == "p0" ? 0 : 1));
        using var optimizer = new AdamW(flat, new AdamWOptions());
        parameters[0].grad!.copy_(full(parameters[0].shape, 2f));

        double norm = optimizer.GradientNorm();
        optimizer.Step(1e-2);

        Assert.Equal(2 * Math.Sqrt(before.Length), norm, 1e-5);
        Assert.Equal(before, Values(parameters[0]));
    }

    [Fact]
    public void Step_Afterwards_GradientsAreZero()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = Make();
        using var flat = new FlatParameters(Named(parameters), (_, _) => new ParameterGroup(0));
        using var optimizer = new AdamW(flat, new AdamWOptions());
        flat.Gradients.copy_(ones_like(flat.Gradients));

        optimizer.Step(1e-3);

        Assert.All(parameters, p => Assert.All(Values(p.grad!), value => Assert.Equal(0, value)));
    }

    [Fact]
    public void GradientNorm_EqualsTorchs()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = Make();
        using var flat = new FlatParameters(Named(parameters), (_, _) => new ParameterGroup(0));
        using var optimizer = new AdamW(flat, new AdamWOptions());
        foreach ((Parameter parameter, Tensor gradient) in parameters.Zip(Gradients(parameters, 3)))
        {
            parameter.grad!.copy_(gradient);
        }

        double expected = Math.Sqrt(parameters.Sum(p => Values(p.grad!).Sum(v => (double)v * v)));

        Assert.Equal(expected, optimizer.GradientNorm(), 1e-9);
    }

    [Theory]
    [InlineData(4.0, 1.0, 0.25)]
    [InlineData(0.5, 1.0, 1.0)]
    [InlineData(4.0, null, 1.0)]
    public void ClipScale_FollowsPyTorch(double norm, double? limit, double expected) =>
        Assert.Equal(expected, AdamW.ClipScale(norm, limit), 1e-6);

    private static Parameter[] Make()
    {
        using var generator = new Generator(7);
        long[][] shapes = [[37, 53], [11], [200, 301], [1]];
        return [.. shapes.Select(shape => new Parameter(randn(shape, generator: generator)))];
    }

    private static Tensor[] Gradients(Parameter[] parameters, int step)
    {
        using var generator = new Generator((ulong)(100 + step));
        return [.. parameters.Select(p => randn(p.shape, generator: generator))];
    }

    private static IEnumerable<(string, Parameter)> Named(Parameter[] parameters) => parameters.Select((p, i) => ($"p{i}", p));

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
