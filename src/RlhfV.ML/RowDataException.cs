using System.Globalization;

namespace RlhfV.ML;

/// <summary>A row of an <see cref="Microsoft.ML.IDataView"/> cannot be used. The message names row, column and reason.</summary>
public sealed class RowDataException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="row">Number of the row, the first being 1; null where rows are not numbered, as in a model that the stock loader loaded.</param>
    /// <param name="column">The column.</param>
    /// <param name="reason">What was found, what was expected and what to do, as a sentence without the place.</param>
    /// <param name="innerException">The cause, or null.</param>
    public RowDataException(long? row, string column, string reason, Exception? innerException = null)
        : base(Describe(row, column, reason), innerException)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        (Row, Column, Reason) = (row, column, reason);
    }

    /// <summary>Number of the row, the first being 1; null where rows are not numbered.</summary>
    public long? Row { get; }

    /// <summary>The column.</summary>
    public string Column { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    private static string Describe(long? row, string column, string reason) =>
        row is { } number ? string.Create(CultureInfo.InvariantCulture, $"Row {number}, column '{column}': {reason}") : $"Column '{column}': {reason}";
}
