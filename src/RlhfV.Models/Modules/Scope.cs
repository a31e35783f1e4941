using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>A name in a checkpoint's tree that computes nothing of its own and only holds other modules and parameters.</summary>
public sealed class Scope : NamedModule
{
    /// <summary>Makes an empty scope.</summary>
    /// <param name="name">Its name, for messages.</param>
    public Scope(string name)
        : base(name)
    {
    }

    /// <summary>Adds a module under a checkpoint's key part.</summary>
    /// <param name="name">The key part.</param>
    /// <param name="module">The module.</param>
    public void Add(string name, nn.Module module) => register_module(name, module);

    /// <summary>Adds a parameter under a checkpoint's key part.</summary>
    /// <param name="name">The key part.</param>
    /// <param name="parameter">The parameter.</param>
    public void Add(string name, Parameter parameter) => register_parameter(name, parameter);
}
