using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Models;
using RlhfV.Models.Generation;
using RlhfV.Models.Modules;
using RlhfV.Models.Tests.Adapters;
using static TorchSharp.torch;

namespace RlhfV.Extensions.AI.Tests.Options;

public sealed class AdapterPathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rlhfv").FullName;
    private readonly VisionLanguageModel _model = TinyLlava.Load();

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Answers_AreThoseOfTheModelWithTheAdapterMerged()
    {
        TinyAdapter.Write(_folder, _model.Network);
        string before = TinyLlava.Direct(_model, "What is it?").Text;
        MergeByHand();
        GenerationResult expected = TinyLlava.Direct(_model, "What is it?");
        using IHost host = Build(_folder);
        await host.StartAsync();

        ChatResponse response = await host.Services.GetRequiredKeyedService<IChatClient>("captioner").GetResponseAsync(
            TinyLlava.Ask("What is it?"), new ChatOptions { MaxOutputTokens = 16 }.WithLogProbabilities());

        Assert.Equal(expected.Text, response.Text);
        Assert.NotEqual(before, response.Text);
        Assert.All(
            expected.LogProbs.Zip(response.GetLogProbabilities()!), pair => Assert.Equal(pair.First, pair.Second.LogProbability, 1e-4));
    }

    [Fact]
    public async Task MissingAdapter_StopsTheHostAtStart()
    {
        using IHost host = Build(Path.Combine(_folder, "none"));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        string failure = Assert.Single(error.Failures);
        Assert.All(
            ["captioner.AdapterPath", "Found no adapter folder", "expected one with adapter_config.json"],
            said => Assert.Contains(said, failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MisfittingAdapter_StopsTheHostAtStart()
    {
        TinyAdapter.Write(_folder, _model.Network);
        TinyAdapter.WriteConfig(_folder, new() { ["r"] = 3 });
        using IHost host = Build(_folder);
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        string failure = Assert.Single(error.Failures);
        Assert.All(
            ["captioner.AdapterPath", "does not fit the model", "has shape [2, 64], expected [3, 64]", "learned for another model"],
            said => Assert.Contains(said, failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task BlankAdapter_IsNamed()
    {
        using IHost host = Build(" ");
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("captioner.AdapterPath is blank", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    private static IHost Build(string adapter)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRlhfVChatClient("captioner", o => (o.ModelPath, o.AdapterPath) = (TinyLlava.Folder, adapter));
        return builder.Build();
    }

    private void MergeByHand()
    {
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        foreach (string module in TinyAdapter.Modules)
        {
            (Tensor a, Tensor b) = TinyAdapter.Matrices(_model.Network, module);
            Linear layer = TinyAdapter.Layer(_model.Network, module);
            layer.Weight.copy_(layer.Weight.add(b.matmul(a).mul(tensor((float)(TinyAdapter.Alpha / TinyAdapter.Rank)))));
        }
    }
}
