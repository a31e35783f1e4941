using System.Text;

namespace RlhfV.Models;

/// <summary>Pictures go first in their turn wherever they stand, and a blank follows every text, answers included.</summary>
internal sealed class LlavaChatTemplate : ChatTemplate
{
    public override string ImageMarker => "<image>";

    private protected override string Write(Prompt prompt, bool addGenerationPrompt)
    {
        var text = new StringBuilder();
        if (prompt.System is { } system)
            text.Append(system).Append(' ');
        foreach (PromptTurn turn in prompt.Turns)
        {
            text.Append(turn.Role == PromptRole.User ? "USER: " : "ASSISTANT: ");
            foreach (ImagePart _ in turn.Parts.OfType<ImagePart>())
                text.Append(ImageMarker).Append('\n');
            foreach (TextPart part in turn.Parts.OfType<TextPart>())
                text.Append(part.Text).Append(' ');
        }

        if (addGenerationPrompt)
            text.Append("ASSISTANT:");
        return text.ToString();
    }
}
