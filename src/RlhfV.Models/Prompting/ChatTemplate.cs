namespace RlhfV.Models;

/// <summary>Writes a conversation as the one text that a family of models was trained on.</summary>
/// <remarks>
/// The templates are those of the published checkpoints, written out: a folder's own <c>chat_template</c> is not run. Text is taken as it
/// is: a text that contains the marker of a picture or a special token will be read as one.
/// </remarks>
public abstract class ChatTemplate
{
    private protected ChatTemplate()
    {
    }

    /// <summary>
    /// LLaVA-1.5 as the Hugging Face checkpoints have it: <c>USER: &lt;image&gt;\nTEXT ASSISTANT:</c>, no system sentence of its own.
    /// </summary>
    public static ChatTemplate Llava { get; } = new LlavaChatTemplate();

    /// <summary>
    /// <c>vicuna_v1</c>, with which LLaVA-1.5 was trained and which the original layout and RLAIF-V use: a system sentence,
    /// <c>USER: </c> and <c>ASSISTANT: </c>, answers end with <c>&lt;/s&gt;</c>.
    /// </summary>
    public static ChatTemplate VicunaV1 { get; } = new VicunaChatTemplate();

    /// <summary>
    /// The form in which Muffin and RLHF-V saw their training rows: <c>### Human: &lt;image&gt;\nTEXT\n### Assistant: ANSWER\n### </c>
    /// behind
    /// a system sentence and an empty line.
    /// </summary>
    public static ChatTemplate MuffinTraining { get; } = new MuffinTrainingTemplate();

    /// <summary>
    /// The form in which the official evaluation asks Muffin and RLHF-V: no empty line, no blank behind <c>###</c>, the picture behind the
    /// question. Conversations of several questions have the form of the training, as in the official chat.
    /// </summary>
    public static ChatTemplate MuffinEvaluation { get; } = new MuffinEvaluationTemplate();

    /// <summary>
    /// ChatML as Qwen2.5-VL has it, with the system sentence <c>You are a helpful assistant.</c> where the prompt has none.
    /// </summary>
    public static ChatTemplate Qwen25Vl { get; } = new QwenChatTemplate();

    /// <summary>The conversation of Llama 3; text only.</summary>
    public static ChatTemplate Llama3 { get; } = new Llama3ChatTemplate();

    /// <summary>
    /// The text that stands for one picture, null for templates that take none. The processor of the family widens it to as many
    /// placeholder tokens as the picture has features.
    /// </summary>
    public abstract string? ImageMarker { get; }

    /// <summary>
    /// Whether the text begins with the model's begin token already, so that it must be encoded without adding special tokens.
    /// </summary>
    public virtual bool WritesSpecialTokens => false;

    /// <summary>The conversation of SmolVLM and Idefics3.</summary>
    /// <param name="beginToken">
    /// The tokenizer's begin token, which the text starts with: the default for SmolVLM, <c>&lt;|begin_of_text|&gt;</c> for the Idefics3
    /// made
    /// of Llama 3.
    /// </param>
    public static ChatTemplate Idefics3(string beginToken = "<|im_start|>")
    {
        ArgumentException.ThrowIfNullOrEmpty(beginToken);
        return new Idefics3ChatTemplate(beginToken);
    }

    /// <summary>Writes the conversation.</summary>
    /// <param name="prompt">The conversation.</param>
    /// <param name="addGenerationPrompt">
    /// Whether the text ends where the model's answer begins (to generate) instead of behind the last turn (to train or score).
    /// </param>
    /// <exception cref="ArgumentException">The conversation has what the template cannot express; the message says what.</exception>
    public string Render(Prompt prompt, bool addGenerationPrompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Write(prompt, addGenerationPrompt);
    }

    private protected abstract string Write(Prompt prompt, bool addGenerationPrompt);

    /// <summary>A marker and a line feed for every picture, then all texts: how most templates write a turn.</summary>
    internal static string ImagesThenText(PromptTurn turn, string marker) =>
        string.Concat(turn.Parts.OfType<ImagePart>().Select(_ => marker + "\n").Concat(turn.Parts.OfType<TextPart>().Select(p => p.Text)));

    /// <summary>Texts and markers in the order in which they stand.</summary>
    private protected static string InOrder(PromptTurn turn, string marker) =>
        string.Concat(turn.Parts.Select(p => p is TextPart text ? text.Text : marker));
}
