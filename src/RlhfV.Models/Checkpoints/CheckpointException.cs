using System.Text;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// A checkpoint does not fit a model. Everything that does not fit is listed at once, in the message and in the properties.
/// </summary>
public sealed class CheckpointException : ModelFormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">What was loaded: a folder or file.</param>
    /// <param name="missing">Names in the model for which the checkpoint has nothing.</param>
    /// <param name="unexpected">Names in the checkpoint that have no place in the model.</param>
    /// <param name="misshapen">Tensors of another shape than the model's.</param>
    public CheckpointException(
        string source, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<ShapeMismatch> misshapen)
        : base(Describe(source, missing, unexpected, misshapen))
    {
        Missing = missing;
        Unexpected = unexpected;
        Misshapen = misshapen;
    }

    /// <summary>Names in the model for which the checkpoint has nothing.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Names in the checkpoint that have no place in the model.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Tensors of another shape than the model's.</summary>
    public IReadOnlyList<ShapeMismatch> Misshapen { get; }

    private static string Describe(
        string source, IReadOnlyList<string> missing, IReadOnlyList<string> unexpected, IReadOnlyList<ShapeMismatch> misshapen)
    {
        var text = new StringBuilder(
            $"The checkpoint '{source}' does not fit the model: {missing.Count} missing, {unexpected.Count} unexpected, " +
            $"{misshapen.Count} misshapen tensors. Check that config.json belongs to these weights.");
        List(text, "Missing", missing);
        List(text, "Unexpected", unexpected);
        List(text, "Misshapen", misshapen.Select(m =>
            $"{m.Name} is [{string.Join(", ", m.Found)}] in '{m.File}'{(m.Name == m.SourceName ? "" : $" as {m.SourceName}")}, " +
            $"expected [{string.Join(", ", m.Expected)}]"));
        return text.ToString();
    }

    private static void List(StringBuilder text, string title, IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length > 0)
            text.AppendLine().Append(title).Append(": ").AppendJoin("; ", all).Append('.');
    }
}
