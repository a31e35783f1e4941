using System.Text;

namespace RlhfV.Models;

/// <summary>No blank behind a role whose turn starts with a picture; every turn ends with its own token and a line feed.</summary>
internal sealed class Idefics3ChatTemplate(string beginToken) : ChatTemplate
{
    private const string EndOfTurn = "<end_of_utterance>\n";

    public override string ImageMarker => "<image>";

    public override bool WritesSpecialTokens => true;

    private protected override string Write(Prompt prompt, bool addGenerationPrompt)
    {
        var text = new StringBuilder(beginToken);
        if (prompt.System is { } system)
            text.Append("System: ").Append(system).Append(EndOfTurn);
        foreach (PromptTurn turn in prompt.Turns)
        {
            text.Append(turn.Role == PromptRole.User ? "User:" : "Assistant:");
            if (turn.Parts is not [ImagePart, ..])
                text.Append(' ');
            text.Append(InOrder(turn, ImageMarker)).Append(EndOfTurn);
        }

        if (addGenerationPrompt)
            text.Append("Assistant:");
        return text.ToString();
    }
}
