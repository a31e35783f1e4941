namespace RlhfV.Models;

/// <summary>Writes a conversation as the one text that a family of models was trained on.</summary>
public abstract class ChatTemplate
{
    private protected ChatTemplate()
    {
    }

    /// <summary>LLaVA-1.5 as the Hugging Face checkpoints have it: <c>USER: &lt;image&gt;\nTEXT ASSISTANT:</c>, no system sentence of its own.</summary>
    public static ChatTemplate Llava { get; } = new LlavaChatTemplate();

    /// <summary>
    /// The text that stands for one picture, null for templates that take none. The processor of the family widens it to as many
    /// placeholder tokens as the picture has features.
    /// </summary>
    public abstract string? ImageMarker { get; }

    /// <summary>
    /// Whether the text begins with the model's begin token already, so that it must be encoded without adding special tokens.
    /// </summary>
    public virtual bool WritesSpecialTokens => false;

    /// <summary>Writes the conversation.</summary>
    /// <param name="prompt">The conversation.</param>
    /// <param name="addGenerationPrompt">
    /// Whether the text ends where the model's answer begins (to generate) instead of behind the last turn (to train or score).
    /// </param>
    /// <exception cref="ArgumentException">The conversation has what the template cannot express; the message says what.</exception>
    public abstract string Render(Prompt prompt, bool addGenerationPrompt);
}
