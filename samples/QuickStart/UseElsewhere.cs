using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using RlhfV.ML;
using RlhfV.Models.Generation;
using Spectre.Console;

namespace QuickStart;

/// <summary>Saves the aligned model and uses it twice as an app would: an ML.NET prediction engine and a chat client.</summary>
/// <param name="folder">Where it is saved.</param>
/// <param name="decoding">How both answer.</param>
internal sealed class UseElsewhere(string folder, GenerationOptions decoding)
{
    /// <summary>Saves, loads and asks both about the first held-out scene.</summary>
    /// <exception cref="InvalidOperationException">The two answers differ.</exception>
    public async Task RunAsync(MLContext ml, CaptionTransformer aligned, HeldOutScenes scenes, CancellationToken cancellationToken)
    {
        string modelFolder = Path.Combine(folder, "aligned");
        string zip = Path.Combine(folder, "aligned.zip");
        aligned.Model.Save(modelFolder);
        ml.Model.Save(aligned, scenes.Rows.Schema, zip);
        AnsiConsole.MarkupLineInterpolated($"  saved {modelFolder} (Hugging Face layout) and {zip} (ML.NET)");

        string fromEngine = AskEngine(zip, scenes.First);
        string fromClient = await AskChatClientAsync(modelFolder, scenes.First, cancellationToken);
        AnsiConsole.MarkupLineInterpolated($"  PredictionEngine: {fromEngine}");
        AnsiConsole.MarkupLineInterpolated($"  IChatClient:      {fromClient}");
        if (fromEngine != fromClient)
        {
            throw new InvalidOperationException("PredictionEngine and IChatClient gave different answers about one picture with one seed.");
        }

        AnsiConsole.MarkupLineInterpolated($"  the answers agree; open {Path.Combine(folder, "report.html")}");
    }

    private static string AskEngine(string zip, SceneRow row)
    {
        var elsewhere = new MLContext();
        ITransformer loaded = elsewhere.Model.Load(zip, out _);
        using PredictionEngine<SceneRow, CaptionRow> engine = elsewhere.Model.CreatePredictionEngine<SceneRow, CaptionRow>(loaded);
        return engine.Predict(row).Caption;
    }

    private async Task<string> AskChatClientAsync(string modelFolder, SceneRow row, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddRlhfVChatClient("captioner", options => options.ModelPath = modelFolder);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient client = provider.GetRequiredKeyedService<IChatClient>("captioner");
        ChatResponse response = await client.GetResponseAsync(
            [new ChatMessage(ChatRole.User, [new DataContent(row.Image, "image/png"), new TextContent(row.Prompt)])],
            new ChatOptions { Temperature = (float)decoding.Temperature, Seed = decoding.Seed, MaxOutputTokens = decoding.MaxNewTokens },
            cancellationToken);
        return response.Text;
    }
}
