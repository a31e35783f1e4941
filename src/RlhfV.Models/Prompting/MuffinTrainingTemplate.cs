using System.Text;

namespace RlhfV.Models;

/// <summary>
/// <c>_add_speaker_and_signal</c> of the official training code (<c>muffin/train/train_utils.py</c>). To generate, the text ends with
/// <c>###</c> alone: the model writes <c> Assistant:</c> itself.
/// </summary>
internal sealed class MuffinTrainingTemplate : ChatTemplate
{
    public const string DefaultSystem =
        "A chat between a curious human and an artificial intelligence assistant. "
        + "The assistant gives helpful, detailed, and polite answers to the human's questions.";

    public const string Signal = "### ";

    public override string ImageMarker => "<image>";

    public static string Header(string? system) => (system ?? DefaultSystem) + "\n\n";

    public static string Say(PromptRole role, string said) => $"{Signal}{(role == PromptRole.User ? "Human" : "Assistant")}: {said}\n";

    private protected override string Write(Prompt prompt, bool addGenerationPrompt)
    {
        var text = new StringBuilder(Header(prompt.System));
        foreach (PromptTurn turn in prompt.Turns)
            text.Append(Say(turn.Role, ImagesThenText(turn, ImageMarker)));
        return text.Append(addGenerationPrompt ? Signal.TrimEnd() : Signal).ToString();
    }
}
