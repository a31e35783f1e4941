namespace RlhfV.Preferences;

/// <summary>One entry of a column inside lists.</summary>
/// <param name="Repetition">The depth at which the entry continues a list; 0 begins a row.</param>
/// <param name="Value">The value, or null where it or a list around it is null or empty.</param>
internal readonly record struct ParquetListItem<T>(int Repetition, T? Value)
    where T : struct;
