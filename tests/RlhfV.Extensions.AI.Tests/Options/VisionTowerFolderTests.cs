using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RlhfV.Extensions.AI.Tests.Support;
using RlhfV.Goldens;

namespace RlhfV.Extensions.AI.Tests.Options;

/// <summary>A checkpoint in LLaVA's original layout, whose vision tower is a download of its own.</summary>
public sealed class VisionTowerFolderTests
{
    private static string Model => GoldenData.Path("hf", "llava", "original", "llava-v1.5");

    private static string Tower => GoldenData.Path("hf", "llava", "original", "clip-vision-tower");

    [Fact]
    public async Task Tower_NamedInTheConfiguration_IsServed()
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original", "llava-v1.5"), "hf/llava/original is not in this root.");
        using IHost host = Build(Model, Tower);
        await host.StartAsync();
        ChatResponse response = await host.Services.GetRequiredKeyedService<IChatClient>("captioner").GetResponseAsync(
            TinyLlava.Ask("What is it?"), new ChatOptions { MaxOutputTokens = 4 });
        Assert.Equal(4, response.Usage!.OutputTokenCount);
    }

    [Theory]
    [InlineData(null, "'openai/clip-vit-large-patch14-336' apart", "VisionTowerFolder")]
    [InlineData("nowhere", "'nowhere'", "VisionTowerFolder")]
    [InlineData(" ", "captioner.VisionTowerFolder is blank", "leave it out")]
    public async Task Tower_NotThere_StopsTheHostAtStart(string? tower, params string[] said)
    {
        Assert.SkipUnless(GoldenData.Has("hf", "llava", "original", "llava-v1.5"), "hf/llava/original is not in this root.");
        await RefusesToStart(Model, tower, said);
    }

    [Fact]
    public Task Tower_OfAModelThatHoldsItsOwn_StopsTheHostAtStart() =>
        RefusesToStart(TinyLlava.Folder, TinyLlava.Folder, ["captioner.ModelPath", "hold their vision tower", "Leave it out"]);

    private static async Task RefusesToStart(string model, string? tower, string[] said)
    {
        using IHost host = Build(model, tower);
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        string failure = Assert.Single(error.Failures);
        Assert.All(said, text => Assert.Contains(text, failure, StringComparison.Ordinal));
    }

    private static IHost Build(string model, string? tower)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RlhfV:Captioner:ModelPath"] = model,
            ["RlhfV:Captioner:VisionTowerFolder"] = tower,
        });
        builder.Services.AddRlhfVChatClient("captioner", builder.Configuration.GetSection("RlhfV:Captioner"));
        return builder.Build();
    }
}
