namespace RlhfV.Evaluation;

/// <summary>
/// Something about the input that a reader of the result has to know: what was left out, or scored without being understood.
/// </summary>
/// <param name="Code">What kind of thing it is, one of <see cref="DiagnosticCode"/>.</param>
/// <param name="Item">The item it concerns, for example an image id or <c>answers.jsonl:12</c>; empty when it concerns all.</param>
/// <param name="Message">What was found, what was expected, and what was done.</param>
public sealed record EvaluationDiagnostic(string Code, string Item, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Item.Length == 0 ? $"{Code}: {Message}" : $"{Code} ({Item}): {Message}";
}
