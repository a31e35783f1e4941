namespace RlhfV.Models.Generation;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its turn, or a stop text came.</summary>
    Stop,

    /// <summary>The limit of new tokens or of the model's positions was reached.</summary>
    Length,
}
