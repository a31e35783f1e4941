namespace RlhfV.Training;

/// <summary>What happens to an example that cannot be trained on.</summary>
public enum InvalidExamplePolicy
{
    /// <summary>The run does not start; the exception names the example.</summary>
    Refuse,

    /// <summary>The example is left out and listed in the result.</summary>
    Skip,
}
