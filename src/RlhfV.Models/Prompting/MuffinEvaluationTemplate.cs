namespace RlhfV.Models;

/// <summary>
/// <c>wrap_question_with_default_conv</c> of the official evaluation (<c>muffin/eval/muffin_vqa.py</c>). The official chat drops the
/// picture
/// from the second question on; here it stays in the first turn.
/// </summary>
internal sealed class MuffinEvaluationTemplate : ChatTemplate
{
    private const string Separator = "\n###";

    public override string ImageMarker => "<image>";

    private protected override string Write(Prompt prompt, bool addGenerationPrompt)
    {
        if (prompt.Turns is not ([{ Role: PromptRole.User }] or [{ Role: PromptRole.User }, { Role: PromptRole.Assistant }]))
            return MuffinTraining.Render(prompt, addGenerationPrompt);

        PromptTurn question = prompt.Turns[0];
        string asked = string.Concat(
            question.Parts.OfType<TextPart>().Select(p => p.Text)
                .Concat(question.Parts.OfType<ImagePart>().Select(_ => "\n" + ImageMarker)));
        string text = $"{prompt.System ?? MuffinTrainingTemplate.DefaultSystem}{Separator}Human: {asked}{Separator}";
        return prompt.Turns is [_, { } answer] ? $"{text} Assistant: {ImagesThenText(answer, ImageMarker)}{Separator}" : text;
    }
}
