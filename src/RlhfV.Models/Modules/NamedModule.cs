using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>A module whose parts carry the names of a checkpoint: only what is registered by name belongs to it, not every field.</summary>
public abstract class NamedModule : nn.Module
{
    /// <summary>Makes the module.</summary>
    /// <param name="name">Its name, for messages.</param>
    protected NamedModule(string name)
        : base(name)
    {
    }

    /// <summary>Does nothing: TorchSharp would add every field under the field's own name.</summary>
    protected sealed override void RegisterComponents()
    {
    }

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking) =>
        ParameterReferences.Follow(this, () => base._to(device, dtype, non_blocking));

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
        ParameterReferences.Follow(this, () => base._to(deviceType, deviceIndex, non_blocking));

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking) =>
        ParameterReferences.Follow(this, () => base._to(dtype, non_blocking));
}
