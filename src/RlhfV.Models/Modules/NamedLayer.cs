using TorchSharp;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>A <see cref="NamedModule"/> that maps one tensor to one tensor.</summary>
public abstract class NamedLayer : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes the layer.</summary>
    /// <param name="name">Its name, for messages.</param>
    protected NamedLayer(string name)
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
