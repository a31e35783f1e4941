using System.Text;

namespace RlhfV.Models;

/// <summary>
/// <c>conversation.py</c> of LLaVA, <c>vicuna_v1</c>: the separator is a blank behind questions and <c>&lt;/s&gt;</c> behind answers; a
/// turn
/// without text is its role and a colon alone.
/// </summary>
internal sealed class VicunaChatTemplate : ChatTemplate
{
    public const string DefaultSystem =
        "A chat between a curious user and an artificial intelligence assistant. "
        + "The assistant gives helpful, detailed, and polite answers to the user's questions.";

    private const string Human = "USER";
    public const string Assistant = "ASSISTANT";
    public const string EndOfAnswer = "</s>";

    public override string ImageMarker => "<image>";

    public static string Say(PromptRole role, string said) => (role, said) switch
    {
        (PromptRole.User, "") => $"{Human}:",
        (PromptRole.User, _) => $"{Human}: {said} ",
        (_, "") => $"{Assistant}:",
        _ => $"{Assistant}: {said}{EndOfAnswer}",
    };

    private protected override string Write(Prompt prompt, bool addGenerationPrompt)
    {
        var text = new StringBuilder(prompt.System ?? DefaultSystem).Append(' ');
        foreach (PromptTurn turn in prompt.Turns)
            text.Append(Say(turn.Role, ImagesThenText(turn, ImageMarker)));
        if (addGenerationPrompt)
            text.Append(Assistant).Append(':');
        return text.ToString();
    }
}
