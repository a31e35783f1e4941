using SceneWorld;
using SceneWorld.Training;

namespace CaptionService;

/// <summary>Drawn pictures to ask the micro model about: it knows no others.</summary>
internal static class SceneEndpoints
{
    /// <summary>Maps <c>GET /scenes/{number}.png</c>, scenes that the model has never seen.</summary>
    public static void MapScenes(this IEndpointRouteBuilder app) => app.MapGet(
        "/scenes/{number:int:min(0)}.png",
        (int number) => TypedResults.File(SceneRenderer.RenderPng(SceneGenerator.Generate(Curriculum.HeldOutSeed + number)), "image/png"));
}
