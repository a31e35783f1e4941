namespace RlhfV.Evaluation;

/// <summary>A question of MMHal-Bench.</summary>
public sealed record MmHalItem
{
    /// <summary>The picture's id in OpenImages.</summary>
    public required string ImageId { get; init; }

    /// <summary>Where the picture comes from: its address, which the published template names; empty when not known.</summary>
    public string ImageSource { get; init; } = "";

    /// <summary>Labels of the objects in the picture: all that the judge is told about it.</summary>
    public required IReadOnlyList<string> Objects { get; init; }

    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>A person's answer.</summary>
    public required string Reference { get; init; }

    /// <summary>One of the eight types; the published file lists them in turn.</summary>
    public required string Type { get; init; }

    /// <summary>One of the twelve topics.</summary>
    public string Topic { get; init; } = "";

    /// <summary>The model's answer; empty in the published template.</summary>
    public string Answer { get; init; } = "";
}
