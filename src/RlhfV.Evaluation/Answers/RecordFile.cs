using System.Collections;

namespace RlhfV.Evaluation;

/// <summary>
/// The records of a file, and what of it could not be read. Pass the file itself to a benchmark, not a copy of its records: then its diagnostics
/// stand in the benchmark's result.
/// </summary>
/// <typeparam name="T">What a record is.</typeparam>
public class RecordFile<T> : IReadOnlyList<T>
{
    private readonly IReadOnlyList<T> _records;

    internal RecordFile(string path, IReadOnlyList<T> records, IReadOnlyList<EvaluationDiagnostic> diagnostics) =>
        (Path, _records, Diagnostics) = (path, records, diagnostics);

    /// <summary>The file read.</summary>
    public string Path { get; }

    /// <summary>Records that were left out or lack something, and why.</summary>
    public IReadOnlyList<EvaluationDiagnostic> Diagnostics { get; }

    /// <inheritdoc/>
    public int Count => _records.Count;

    /// <inheritdoc/>
    public T this[int index] => _records[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _records.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
