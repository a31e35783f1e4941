using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Training.Loop;
using RlhfV.Training.Tests.Families;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Tests.Loop;

public sealed class TowerRoundingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Apply_WeightsThatFp16DoesNotHave_RoundsThoseOfTheTowerAlone()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        Dictionary<string, float[]> before = Weights(network);

        TowerRounding.Apply(network);

        Dictionary<string, float[]> once = Weights(network);
        TowerRounding.Apply(network);
        Assert.All(before, weight => Assert.Equal(
            network.PartOf(weight.Key) == NetworkPart.VisionTower ? [.. weight.Value.Select(value => (float)(Half)value)] : weight.Value, once[weight.Key]));
        Assert.Contains(before, weight => !weight.Value.SequenceEqual(once[weight.Key]));
        Assert.Equal(once.Values, Weights(network).Values);
    }

    [Fact]
    public void Apply_Muffin_LeavesTheQueriesWhichAreNoWeightOfTheTower()
    {
        using VisionLanguageModel model = TinyFamilies.Load("muffin", _folder);
        Set(model.Network, "model.query", 1.0001f);
        Set(model.Network, "model.vision_tower.beit3.vision_embed.cls_token", 1.0001f);

        TowerRounding.Apply(model.Network);

        Dictionary<string, float[]> weights = Weights(model.Network);
        Assert.Equal(NetworkPart.VisionTower, model.Network.PartOf("model.query"));
        Assert.All(weights["model.query"], value => Assert.Equal(1.0001f, value));
        Assert.All(weights["model.vision_tower.beit3.vision_embed.cls_token"], value => Assert.Equal(1f, value));
    }

    [Fact]
    public void Apply_WeightTooLargeForFp16_IsRefusedByNameBeforeAnythingChanges()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        string last = network.named_parameters().Last(p => network.IsTowerWeight(p.name)).name;
        Set(network, last, -70000);
        Dictionary<string, float[]> before = Weights(network);

        var error = Assert.Throws<ArgumentException>(() => TowerRounding.Apply(network));

        Assert.Equal(nameof(TrainingOptions.RoundVisionTower), error.ParamName);
        Assert.All([$"'{last}'", "70000", "65504"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(before.Values, Weights(network).Values);
    }

    [Fact]
    public void Apply_InBFloat16_KeepsTheType()
    {
        using LlavaNetwork network = TinyNetworks.Llava(1);
        network.to(ScalarType.BFloat16);

        TowerRounding.Apply(network);

        Assert.All(network.parameters(), parameter => Assert.Equal(ScalarType.BFloat16, parameter.dtype));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_FrozenTower_StaysRoundedOrAsItWas(bool rounds)
    {
        using VisionLanguageModel model = TinyFamilies.Load("llava", _folder);
        string name = model.Network.named_parameters().First(p => model.Network.IsTowerWeight(p.name)).name;
        Set(model.Network, name, 1.0001f);
        var options = new DenseDpoOptions { MaxSteps = 1, FrozenParts = [NetworkPart.VisionTower], RoundVisionTower = rounds };

        new PreferenceTrainer().Fit(model, TinyFamilies.Examples("llava"), options, cancellation: TestContext.Current.CancellationToken);

        Assert.All(Weights(model.Network)[name], value => Assert.Equal(rounds ? 1 : 1.0001f, value));
        Assert.Null(model.Folder);
    }

    private static Dictionary<string, float[]> Weights(VisionLanguageNetwork network) =>
        network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().data<float>().ToArray());

    private static void Set(VisionLanguageNetwork network, string name, float value)
    {
        using IDisposable quiet = no_grad();
        Parameter parameter = network.named_parameters().Single(p => p.name == name).parameter;
        using Tensor one = tensor(value);
        parameter.copy_(one.expand(parameter.shape));
    }
}
