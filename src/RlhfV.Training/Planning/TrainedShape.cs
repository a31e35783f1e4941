using RlhfV.Models;
using RlhfV.Training.Lora;

namespace RlhfV.Training.Planning;

/// <summary>Which parameters of a network learn under some options.</summary>
internal static class TrainedShape
{
    /// <summary>Number of elements that learn.</summary>
    public static long Count(NetworkShape shape, TrainingOptions options) => options.Lora is { } lora
        ? Adapted(shape, lora).Sum(map => lora.Rank * (map.Shape[0] + map.Shape[1]))
        : shape.Parameters.Where(p => !options.FrozenParts.Contains(p.Part)).Sum(p => p.Count);

    /// <summary>The maps that get a low-rank correction.</summary>
    public static IEnumerable<ParameterShape> Adapted(NetworkShape shape, LoraOptions lora) => shape.Parameters.Where(p =>
        p.IsLinear && lora.Parts.Contains(p.Part) && lora.Targets.Any(target => LoraAdapters.Matches(ModuleOf(p.Name), target)));

    /// <summary>The name of the module that owns a parameter.</summary>
    public static string ModuleOf(string parameter) => parameter[..parameter.LastIndexOf('.')];
}
