using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using RlhfV.Extensions.AI;
using SceneWorld;

namespace CaptionService;

/// <summary>The chat client that answers, from the section "RlhfV" of the configuration.</summary>
internal static class Captioner
{
    // Boundaries and the question, beside the picture.
    private const int FormOverhead = 64 * 1024;

    /// <summary>Registers the client, its warm-up and its health check.</summary>
    public static void AddCaptioner(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddRlhfVChatClient(builder.Configuration.GetSection(RlhfVChatClientOptions.SectionName)).UseOpenTelemetry().UseLogging();

        // Where no model is named: the micro LLaVA that comes with SceneWorld.
        services.PostConfigure<RlhfVChatClientOptions>(options => options.ModelPath ??= SceneWorldData.ModelFolder);
        services.AddRlhfVWarmUp(mode: WarmUpMode.InBackground);
        services.AddHealthChecks().AddRlhfV(tags: ["ready"]);

        // A body that cannot hold an acceptable picture is not read to its end.
        services.AddOptions<KestrelServerOptions>().Configure((KestrelServerOptions kestrel, IOptions<RlhfVChatClientOptions> options) =>
            kestrel.Limits.MaxRequestBodySize = options.Value.MaxImageBytes + FormOverhead);
        services.AddOptions<FormOptions>().Configure((FormOptions form, IOptions<RlhfVChatClientOptions> options) =>
            form.MultipartBodyLengthLimit = options.Value.MaxImageBytes + FormOverhead);
    }
}
