namespace RlhfV.Evaluation;

/// <summary>
/// <see cref="GateThresholds"/> as a file holds them. Generated readers set properties that can only be initialised to the default of their type
/// when a file leaves them out, so that <see cref="GateThresholds.OnlySignificant"/> would turn false in silence; properties that can be set
/// keep what they are initialised with.
/// </summary>
internal sealed class GateFile
{
    public double? MaxResponseRate { get; set; }

    public double? MaxMentionRate { get; set; }

    public double? MinRecall { get; set; }

    public double? MaxResponseRateIncrease { get; set; }

    public double? MaxMentionRateIncrease { get; set; }

    public double? MaxTypeRateIncrease { get; set; }

    public double? MaxSceneRateIncrease { get; set; }

    public double? MaxRecallDrop { get; set; }

    public bool OnlySignificant { get; set; } = true;

    public int MinItems { get; set; } = 1;

    public GateThresholds ToThresholds() => new()
    {
        MaxResponseRate = MaxResponseRate,
        MaxMentionRate = MaxMentionRate,
        MinRecall = MinRecall,
        MaxResponseRateIncrease = MaxResponseRateIncrease,
        MaxMentionRateIncrease = MaxMentionRateIncrease,
        MaxTypeRateIncrease = MaxTypeRateIncrease,
        MaxSceneRateIncrease = MaxSceneRateIncrease,
        MaxRecallDrop = MaxRecallDrop,
        OnlySignificant = OnlySignificant,
        MinItems = MinItems,
    };
}
