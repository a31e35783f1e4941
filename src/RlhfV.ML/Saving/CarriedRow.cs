using Microsoft.ML.Data;
using RlhfV.Models;

namespace RlhfV.ML.Saving;

/// <summary>What a saved transformer gets to see of a row.</summary>
internal abstract class CarriedRow
{
    [ColumnName(CarrierColumns.Manifest)]
    public ReadOnlyMemory<char> Manifest { get; set; }

    [ColumnName(CarrierColumns.Prompt)]
    public ReadOnlyMemory<char> Prompt { get; set; }

    /// <summary>The picture, or null for none.</summary>
    /// <param name="folder">Where relative paths begin.</param>
    public abstract ImageSource? Open(string? folder);
}
