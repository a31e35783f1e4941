namespace RlhfV.Evaluation;

/// <summary>The objects that a picture shows, all of them: whatever else a response names is hallucinated.</summary>
public sealed class ObjectsShownContext : IResponseContext
{
    /// <summary>Names the objects.</summary>
    /// <param name="objects">Words of the evaluator's vocabulary.</param>
    public ObjectsShownContext(IEnumerable<string> objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        Objects = [.. objects];
    }

    /// <inheritdoc/>
    public string Name => "Objects Shown";

    /// <summary>The objects.</summary>
    public IReadOnlyList<string> Objects { get; }

    /// <inheritdoc/>
    public string Text => string.Join(", ", Objects);
}
