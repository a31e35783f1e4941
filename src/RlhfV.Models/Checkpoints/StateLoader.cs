using RlhfV.Models.Native;
using static TorchSharp.torch;

namespace RlhfV.Models.Checkpoints;

/// <summary>Fills the parameters and persistent buffers of a model from a checkpoint.</summary>
public static class StateLoader
{
    /// <summary>Fills a module. Nothing is read before everything is known to fit.</summary>
    /// <param name="module">
    /// The module; its parameters and persistent buffers are filled, whatever their device and floating-point type.
    /// </param>
    /// <param name="source">The checkpoint.</param>
    /// <param name="mapSourceName">From a name in the checkpoint to the name in the module; null for tensors to leave out.</param>
    /// <param name="strict">False to accept missing and unexpected tensors; misshapen ones are refused in any case.</param>
    /// <exception cref="CheckpointException">Tensors are missing, unexpected or misshapen.</exception>
    /// <exception cref="ModelFormatException">A file cannot be read.</exception>
    public static void Load(nn.Module module, TensorSource source, Func<string, string?> mapSourceName, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(module);
        var parameters = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, parameter) in module.named_parameters())
            parameters.TryAdd(name, parameter);
        foreach (var (name, buffer) in module.named_buffers(include_nonpersistent: false))
            parameters.TryAdd(name, buffer);
        Load(parameters, source, mapSourceName, strict);
    }

    /// <summary>Fills tensors by name. Nothing is read before everything is known to fit.</summary>
    /// <param name="parameters">The tensors to fill, by name.</param>
    /// <param name="source">The checkpoint.</param>
    /// <param name="mapSourceName">
    /// From a name in the checkpoint to a name in <paramref name="parameters"/>; null for tensors to leave out.
    /// </param>
    /// <param name="strict">False to accept missing and unexpected tensors; misshapen ones are refused in any case.</param>
    /// <exception cref="CheckpointException">Tensors are missing, unexpected or misshapen.</exception>
    /// <exception cref="ModelFormatException">
    /// A file cannot be read, two tensors map to one name, or a tensor has a type that is not converted.
    /// </exception>
    public static void Load(
        IReadOnlyDictionary<string, Tensor> parameters, TensorSource source, Func<string, string?> mapSourceName, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(mapSourceName);
        NativeLibraries.EnsureLoaded();

        var assigned = new Dictionary<string, string>(StringComparer.Ordinal);
        var unexpected = new List<string>();
        var misshapen = new List<ShapeMismatch>();
        foreach (var (sourceName, info) in source.Tensors)
        {
            if (mapSourceName(sourceName) is not { } name)
                continue;
            if (!parameters.TryGetValue(name, out var target))
                unexpected.Add(sourceName);
            else if (!assigned.TryAdd(name, sourceName))
                throw new ModelFormatException(
                    $"'{sourceName}' in '{source.FileOf(sourceName)}' and '{assigned[name]}' in '{source.FileOf(assigned[name])}' " +
                    $"are both '{name}' of the model.");
            else if (!target.shape.SequenceEqual(info.Shape))
                misshapen.Add(new ShapeMismatch(name, sourceName, info.Shape, target.shape, source.FileOf(sourceName)));
            else if (target.dtype != info.Type && !(ElementTypes.IsFloatingPoint(target.dtype) && ElementTypes.IsFloatingPoint(info.Type)))
                throw new ModelFormatException(
                    $"'{sourceName}' in '{source.FileOf(sourceName)}' has type {info.Type}, expected {target.dtype}.");
        }

        string[] missing = [.. parameters.Keys.Where(name => !assigned.ContainsKey(name)).Order(StringComparer.Ordinal)];
        if (misshapen.Count > 0 || (strict && (missing.Length > 0 || unexpected.Count > 0)))
            throw new CheckpointException(Describe(source), strict ? missing : [], strict ? unexpected : [], misshapen);

        foreach (var (name, sourceName) in assigned)
            source.ReadInto(sourceName, parameters[name]);
    }

    private static string Describe(TensorSource source) =>
        source.Tensors.Keys.Select(source.FileOf).Distinct().ToArray() switch
        {
            [] => "(empty)",
            [var one] => one,
            [var first, ..] => Path.GetDirectoryName(first) ?? first,
        };
}
