using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using RlhfV.Extensions.AI;
using SceneWorld;
using SceneWorld.Training;

namespace CaptionService.Tests;

/// <summary>The service with the micro model, in memory.</summary>
public sealed class CaptionServer : WebApplicationFactory<Program>
{
    /// <summary>Settings instead of those of the service; telemetry does not fill the tests' console.</summary>
    public Dictionary<string, string> Settings { get; } = new() { ["Telemetry:Console"] = "false", ["RateLimit:Burst"] = "1000", ["Logging:LogLevel:Default"] = "None" };

    /// <summary>An unseen scene.</summary>
    public static byte[] Scene { get; } = SceneRenderer.RenderPng(SceneGenerator.Generate(Curriculum.HeldOutSeed + 7));

    public static MultipartFormDataContent Form(byte[] picture, string? question = null)
    {
        var image = new ByteArrayContent(picture);
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        var form = new MultipartFormDataContent { { image, "image", "scene.png" } };
        if (question is not null)
            form.Add(new StringContent(question), "question");
        return form;
    }

    /// <summary>A client of the service once its model answers.</summary>
    public async Task<HttpClient> StartAsync()
    {
        HttpClient http = CreateClient();
        await Services.GetRequiredService<IChatClient>().GetService<RlhfVChatClient>()!.WarmUpAsync();
        return http;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        foreach ((string key, string value) in Settings)
            builder.UseSetting(key, value);
    }
}
