using System.Text;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models;

/// <summary>Headers with the role, texts without the white space around them; the begin token stands in the text.</summary>
internal sealed class Llama3ChatTemplate : ChatTemplate
{
    public override string? ImageMarker => null;

    public override bool WritesSpecialTokens => true;

    private protected override string Write(Prompt prompt, bool addGenerationPrompt)
    {
        if (prompt.Images.Any())
            throw new ArgumentException("The prompt has pictures, but the Llama 3 template takes text alone.", nameof(prompt));
        var text = new StringBuilder("<|begin_of_text|>");
        if (prompt.System is { } system)
            Append(text, "system", system);
        foreach (PromptTurn turn in prompt.Turns)
            Append(text, turn.Role == PromptRole.User ? "user" : "assistant", InOrder(turn, ""));
        if (addGenerationPrompt)
            text.Append(Header("assistant"));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string role, string said) =>
        text.Append(Header(role)).Append(PythonText.Strip(said)).Append("<|eot_id|>");

    private static string Header(string role) => $"<|start_header_id|>{role}<|end_header_id|>\n\n";
}
