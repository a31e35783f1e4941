using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Training.Optimization;

/// <summary>
/// Trainable parameters laid end to end in one buffer, and their gradients in another. The parameters become views of the buffer, so
/// the network, autograd, the optimizer and a collective all work on the same memory without copying.
/// </summary>
/// <remarks>
/// Parameters of one group lie together; inside a group they keep the network's order. Each starts at a multiple of
/// <see cref="Alignment"/>; what lies between is zero and stays zero. Flatten after the last change of device or type.
/// </remarks>
public sealed class FlatParameters : IDisposable
{
    private readonly Parameter[] _parameters;

    /// <summary>Moves parameters into flat buffers.</summary>
    /// <param name="parameters">The parameters with their names, at least one, all of one type and device.</param>
    /// <param name="groupOf">The group of a parameter.</param>
    /// <exception cref="ArgumentException">There is none, or types or devices differ.</exception>
    public FlatParameters(IEnumerable<(string Name, Parameter Parameter)> parameters, Func<string, Parameter, ParameterGroup> groupOf)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(groupOf);
        (string Name, Parameter Parameter)[] all = [.. parameters];
        if (all.Length == 0)
        {
            throw new ArgumentException("There is no parameter to train. Freeze fewer parts of the network.", nameof(parameters));
        }

        (ScalarType type, Device device) = (all[0].Parameter.dtype, all[0].Parameter.device);
        bool Differs(Parameter p) => p.dtype != type || p.device.ToString() != device.ToString();
        if (all.FirstOrDefault(p => Differs(p.Parameter)) is { Name: not null } odd)
        {
            throw new ArgumentException(
                $"'{odd.Name}' is {odd.Parameter.dtype} on {odd.Parameter.device}, '{all[0].Name}' is {type} on {device}; "
                + "expected one type and device for all trainable parameters.", nameof(parameters));
        }

        var ranges = new List<FlatRange>();
        var places = new List<FlatPlace>();
        var ordered = new List<Parameter>();
        long end = 0;
        foreach (var group in all.GroupBy(p => groupOf(p.Name, p.Parameter)))
        {
            long start = end;
            foreach ((string name, Parameter parameter) in group)
            {
                places.Add(new FlatPlace(name, end, parameter.shape));
                ordered.Add(parameter);
                end += (parameter.numel() + Alignment - 1) / Alignment * Alignment;
            }

            ranges.Add(new FlatRange(start, end - start, group.Key));
        }

        (Ranges, Places, _parameters) = (ranges, places, [.. ordered]);
        using var scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Values = zeros(end, dtype: type, device: device).DetachFromDisposeScope();
        Gradients = zeros(end, dtype: type, device: device).DetachFromDisposeScope();
        foreach ((Parameter parameter, FlatPlace place) in _parameters.Zip(places))
        {
            Tensor view = place.In(Values);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = place.In(Gradients);
        }
    }

    /// <summary>
    /// Elements between the possible starts of parameters: 64 bytes of fp32, so that vector code never meets a remainder.
    /// </summary>
    public const int Alignment = 16;

    /// <summary>The parameters, <c>[elements]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>Their gradients, <c>[elements]</c>; backward adds into it.</summary>
    public Tensor Gradients { get; }

    /// <summary>Number of elements with padding.</summary>
    public long Count => Values.numel();

    /// <summary>The groups' stretches; together they cover the buffers.</summary>
    public IReadOnlyList<FlatRange> Ranges { get; }

    /// <summary>Names, places and sizes of the parameters, which is what a checkpoint of the buffers has to record.</summary>
    public IReadOnlyList<FlatPlace> Places { get; }

    /// <summary>Takes the gradients away from the parameters and frees the buffers; the parameters keep their memory.</summary>
    public void Dispose()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.grad = null;
        }

        Gradients.Dispose();
        Values.Dispose();
    }
}
