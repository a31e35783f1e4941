namespace RlhfV.Evaluation;

/// <summary>
/// Something known about a picture that an evaluator holds a response against. Its whole content is readable, so that reports can show it.
/// </summary>
public interface IResponseContext
{
    /// <summary>Name of the kind of context.</summary>
    string Name { get; }

    /// <summary>The content as text.</summary>
    string Text { get; }
}
