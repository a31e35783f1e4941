namespace RlhfV.Evaluation;

/// <summary>A question of VQA with the answers of ten people.</summary>
/// <param name="Id">The question's id.</param>
/// <param name="QuestionType">How the question begins, for example <c>what color is the</c>.</param>
/// <param name="AnswerType"><c>yes/no</c>, <c>number</c> or <c>other</c>.</param>
/// <param name="References">The answers of people.</param>
public sealed record VqaQuestion(string Id, string QuestionType, string AnswerType, IReadOnlyList<string> References);
