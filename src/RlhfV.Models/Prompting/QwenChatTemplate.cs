using System.Text;

namespace RlhfV.Models;

/// <summary>ChatML with vision tokens around each picture's placeholder.</summary>
internal sealed class QwenChatTemplate : ChatTemplate
{
    private const string DefaultSystem = "You are a helpful assistant.";
    private const string Picture = "<|vision_start|><|image_pad|><|vision_end|>";

    public override string ImageMarker => "<|image_pad|>";

    private protected override string Write(Prompt prompt, bool addGenerationPrompt)
    {
        var text = new StringBuilder();
        Append(text, "system", prompt.System ?? DefaultSystem);
        foreach (PromptTurn turn in prompt.Turns)
            Append(text, turn.Role == PromptRole.User ? "user" : "assistant", InOrder(turn, Picture));
        if (addGenerationPrompt)
            text.Append("<|im_start|>assistant\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string role, string said) =>
        text.Append("<|im_start|>").Append(role).Append('\n').Append(said).Append("<|im_end|>\n");
}
