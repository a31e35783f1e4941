namespace RlhfV.Evaluation;

/// <summary>One yes/no question on whether a picture shows an object.</summary>
/// <param name="Id">Identifies the question within its file.</param>
/// <param name="Image">The picture.</param>
/// <param name="Text">The question, for example <c>Is there a dog in the image?</c></param>
/// <param name="IsPresent">The right answer: true for yes.</param>
public sealed record PopeQuestion(string Id, string Image, string Text, bool IsPresent);
