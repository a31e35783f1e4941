using RlhfV.Models.Checkpoints;

namespace RlhfV.Models.Architectures;

/// <summary>The folders of a checkpoint and its configuration.</summary>
/// <param name="Folder">The model's folder.</param>
/// <param name="Config">Its <c>config.json</c>, with what the family took over from <see cref="TowerFolder"/>.</param>
internal sealed record ModelParts(string Folder, ConfigReader Config)
{
    /// <summary>The folder of a vision tower that is a download of its own; null when there is none.</summary>
    public string? TowerFolder { get; init; }

    /// <summary>Whether the tower's weights come from <see cref="TowerFolder"/>.</summary>
    public bool TowerWeightsApart { get; init; }

    /// <summary>Opens the weights, those of a tower kept apart among them.</summary>
    public TensorSource OpenTensors()
    {
        TensorSource own = TensorSource.Open(Folder);
        try
        {
            return TowerWeightsApart ? new JoinedTensorSource(own, TensorSource.Open(TowerFolder!)) : own;
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }
}
