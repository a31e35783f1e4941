namespace RlhfV.ML.Columns;

/// <summary>A row that asks for no column.</summary>
internal sealed class EmptyRow;
