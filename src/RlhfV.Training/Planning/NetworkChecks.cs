using RlhfV.Models;

namespace RlhfV.Training.Planning;

/// <summary>Finds options that a network cannot serve, from its sizes alone.</summary>
internal static class NetworkChecks
{
    /// <summary>One sentence per mistake.</summary>
    public static IEnumerable<string> FindMistakes(TrainingOptions options, NetworkShape shape)
    {
        if (options.MaxTokens is { } tokens && tokens > shape.Decoder.MaxPositions)
        {
            yield return $"{nameof(options.MaxTokens)} is {tokens}; the decoder has {shape.Decoder.MaxPositions} positions.";
        }

        if (options.Lora is { Targets.Count: > 0, Parts.Count: > 0 } lora && !TrainedShape.Adapted(shape, lora).Any())
        {
            IEnumerable<string> known = shape.Parameters.Where(p => p.IsLinear && lora.Parts.Contains(p.Part))
                .Select(p => TrainedShape.ModuleOf(p.Name).Split('.')[^1]).Distinct();
            yield return $"LoRA: no module of {string.Join(", ", lora.Parts)} is named {string.Join(", ", lora.Targets)}; "
                + $"there are {string.Join(", ", known)}.";
        }

        foreach (string pattern in options.HeldStill.Where(pattern => !string.IsNullOrWhiteSpace(pattern) && !shape.Parameters.Any(p => Fits(pattern, p.Name))))
        {
            yield return $"{nameof(options.HeldStill)}: no parameter is named {pattern}; names are like {shape.Parameters[0].Name}.";
        }

        // Where the frozen parts alone are all there are, that is said already.
        if (options.Lora is null
            && !Enum.GetValues<NetworkPart>().All(options.FrozenParts.Contains)
            && shape.Parameters.All(p => options.FrozenParts.Contains(p.Part) || options.IsHeldStill(p.Name)))
        {
            yield return $"{nameof(options.FrozenParts)} and {nameof(options.HeldStill)} leave nothing that learns.";
        }
    }

    private static bool Fits(string pattern, string name) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
