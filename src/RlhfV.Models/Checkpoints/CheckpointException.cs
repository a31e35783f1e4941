using System.Text;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// A checkpoint does not fit a model. The properties list everything that does not fit, name by name; the message says it in few lines, with the names
/// of a network's layers as one, and names what may be wrong.
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
            $"{misshapen.Count} misshapen tensors. {MisfitAdvice.For(missing, unexpected)}");
        List(text, "Missing", missing, name => name, _ => "", (names, _) => names);
        List(text, "Unexpected", unexpected, name => name, _ => "", (names, _) => names);
        List(text, "Misshapen", misshapen, m => m.Name, Shapes, Describe);
        return text.ToString();
    }

    private static string Shapes(ShapeMismatch m) => $"{string.Join(", ", m.Found)}] [{string.Join(", ", m.Expected)}";

    private static string Describe(string names, IReadOnlyList<ShapeMismatch> group)
    {
        ShapeMismatch first = group[0];
        string renamed = group.Count > 1 || first.Name == first.SourceName ? "" : $" as {first.SourceName}";
        int files = group.Select(m => m.File).Distinct().Count();
        string place = files == 1 ? $"in '{first.File}'{renamed}" : $"in {files} files";
        return $"{names} is [{string.Join(", ", first.Found)}] {place}, expected [{string.Join(", ", first.Expected)}]";
    }

    private static void List<T>(
        StringBuilder text,
        string title,
        IReadOnlyList<T> items,
        Func<T, string> nameOf,
        Func<T, string> kindOf,
        Func<string, IReadOnlyList<T>, string> describe)
    {
        if (items.Count > 0)
            text.AppendLine().Append(title).Append(": ").Append(TensorNameGroups.Describe(items, nameOf, kindOf, describe)).Append('.');
    }
}
