namespace RlhfV.Evaluation;

/// <summary>Takes over into a result what the file lost from which its records come.</summary>
internal static class FileDiagnostics
{
    public static IReadOnlyList<EvaluationDiagnostic> Of<T>(IEnumerable<T> records) => records is RecordFile<T> file ? file.Diagnostics : [];
}
