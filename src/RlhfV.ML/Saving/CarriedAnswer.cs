using Microsoft.ML.Data;

namespace RlhfV.ML.Saving;

/// <summary>The answer that a saved transformer gives.</summary>
internal sealed class CarriedAnswer
{
    [ColumnName(CarrierColumns.Answer)]
    public string Text { get; set; } = "";
}
