namespace RlhfV.Preferences;

/// <summary>Bad data in a preference file. The message names file, row, column and reason.</summary>
public sealed class PreferenceDataException : FormatException
{
    /// <summary>Makes an exception for one place in a file.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="row">Number of the row, the first being 1 (in text files the line); null when the whole file is meant.</param>
    /// <param name="column">Name of the column or JSON path; null when the whole row is meant.</param>
    /// <param name="reason">What was found, what was expected and what to do, as a sentence without the place.</param>
    /// <param name="innerException">The cause, or null.</param>
    public PreferenceDataException(string file, long? row, string? column, string reason, Exception? innerException = null)
        : base(Describe(file, row, column, reason), innerException)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        File = file;
        Row = row;
        Column = column;
        Reason = reason;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Number of the row, the first being 1; null when the whole file is meant.</summary>
    public long? Row { get; }

    /// <summary>Name of the column or JSON path; null when the whole row is meant.</summary>
    public string? Column { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    private static string Describe(string file, long? row, string? column, string reason)
    {
        string place = file;
        if (row is { } number)
            place += FormattableString.Invariant($", row {number}");
        if (column is not null)
            place += $", column '{column}'";
        return $"{place}: {reason}";
    }
}
