using System.Text;
using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models;

/// <summary>
/// Text and pictures to what the network reads, and back: chat template, tokenizer and image preprocessing of one model. Safe for
/// concurrent use.
/// </summary>
public sealed class VisionLanguageProcessor
{
    private readonly string _imageToken;
    private readonly Func<ProcessedImage, string> _placeholder;

    /// <summary>Puts a processor together.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="imageProcessor">The image preprocessing.</param>
    /// <param name="template">The chat template.</param>
    /// <param name="imageToken">The text by which the template marks a picture, for example <c>&lt;image&gt;</c>.</param>
    /// <param name="placeholder">What a picture's mark becomes: one image token for each of its features, with what the family puts around them.</param>
    /// <param name="endOfAnswer">The special token that ends an answer, for example <c>&lt;/s&gt;</c>.</param>
    public VisionLanguageProcessor(
        TextTokenizer tokenizer,
        ImageProcessor imageProcessor,
        ChatTemplate template,
        string imageToken,
        Func<ProcessedImage, string> placeholder,
        string endOfAnswer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(imageProcessor);
        ArgumentNullException.ThrowIfNull(template);
        ArgumentException.ThrowIfNullOrEmpty(imageToken);
        ArgumentNullException.ThrowIfNull(placeholder);
        ArgumentException.ThrowIfNullOrEmpty(endOfAnswer);
        (Tokenizer, ImageProcessor, Template) = (tokenizer, imageProcessor, template);
        (_imageToken, _placeholder, EndOfAnswer) = (imageToken, placeholder, endOfAnswer);
    }

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>The image preprocessing.</summary>
    public ImageProcessor ImageProcessor { get; }

    /// <summary>The chat template.</summary>
    public ChatTemplate Template { get; }

    /// <summary>The special token that ends an answer.</summary>
    public string EndOfAnswer { get; }

    /// <summary>Texts that end an answer besides the token, in families whose answers end with no token of their own.</summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>What the model writes itself before its answer, which is no part of it; empty where the prompt ends with it.</summary>
    /// <value>The default is empty.</value>
    public string AnswerPrefix { get; init; } = string.Empty;

    /// <summary>Encodes a prompt and its answer in families that are trained on another text than they are asked with.</summary>
    /// <value>The default is null: <see cref="Template"/> writes both.</value>
    public Func<Prompt, string, IReadOnlyList<ProcessedImage>, EncodedAnswer>? EncodeRow { get; init; }

    /// <summary>Gives the tokens of a sequence with these pictures their positions.</summary>
    /// <value>The default is null: tokens are counted from 0.</value>
    public Func<IReadOnlyList<int>, IReadOnlyList<ProcessedImage>, TokenPositions>? Locate { get; init; }

    /// <summary>Encodes a prompt up to the place where the answer begins.</summary>
    /// <param name="prompt">Turns, the last one the user's.</param>
    /// <exception cref="ArgumentException">The last turn is not the user's, or pictures and picture marks disagree.</exception>
    /// <exception cref="ImageFormatException">A picture cannot be read.</exception>
    public EncodedPrompt EncodePrompt(Prompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (prompt.Turns is not [.., { Role: PromptRole.User }])
        {
            throw new ArgumentException(
                $"The prompt has {prompt.Turns.Count} turns and ends with none of the user's; expected a question that is still to be answered. "
                + $"Add one with {nameof(Prompt)}.{nameof(Prompt.WithQuestion)}.", nameof(prompt));
        }

        IReadOnlyList<ProcessedImage> images = Process(prompt);
        IReadOnlyList<int> ids = Tokenizer.Encode(RenderPrompt(prompt, images), !Template.WritesSpecialTokens);
        return new EncodedPrompt { Ids = ids, Images = images, Positions = Locate?.Invoke(ids, images) };
    }

    /// <summary>Encodes a prompt and its answer.</summary>
    /// <param name="prompt">Turns, the last one the user's.</param>
    /// <param name="answer">The answer, not empty.</param>
    /// <exception cref="ArgumentException">The answer is empty, or pictures and picture marks disagree.</exception>
    /// <exception cref="ImageFormatException">A picture cannot be read.</exception>
    public EncodedAnswer EncodeAnswer(Prompt prompt, string answer)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        IReadOnlyList<ProcessedImage> images = Process(prompt);
        return EncodeAnswer(prompt, answer, images);
    }

    /// <summary>Encodes a prompt and its answer with pictures that were preprocessed before.</summary>
    /// <param name="prompt">Turns, the last one the user's.</param>
    /// <param name="answer">The answer, not empty.</param>
    /// <param name="images">The prompt's pictures, in order.</param>
    /// <exception cref="ArgumentException">The answer is empty, or pictures and picture marks disagree.</exception>
    public EncodedAnswer EncodeAnswer(Prompt prompt, string answer, IReadOnlyList<ProcessedImage> images)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentException.ThrowIfNullOrWhiteSpace(answer);
        ArgumentNullException.ThrowIfNull(images);
        if (EncodeRow is not null)
        {
            return EncodeRow(prompt, answer, images);
        }

        string head = RenderPrompt(prompt, images);
        string whole = Expand(Template.Render(prompt.WithAnswer(answer), addGenerationPrompt: false), images);
        int start = whole.StartsWith(head, StringComparison.Ordinal) ? whole.IndexOf(answer, head.Length, StringComparison.Ordinal) : -1;
        if (start < 0)
        {
            throw new InvalidOperationException(
                $"The chat template does not continue its own prompt with the answer: '{Tail(head)}' against '{Tail(whole)}'.");
        }

        EncodedText encoded = Tokenizer.EncodeWithOffsets(
            string.Concat(whole.AsSpan(0, start + answer.Length), EndOfAnswer), !Template.WritesSpecialTokens);
        int first = 0;
        while (first < encoded.Ids.Count && encoded.Offsets[first].Start + encoded.Offsets[first].Length <= head.Length)
        {
            first++;
        }

        return new EncodedAnswer
        {
            PromptIds = [.. encoded.Ids.Take(first)],
            AnswerIds = [.. encoded.Ids.Skip(first)],
            AnswerSpans = [.. encoded.Offsets.Skip(first).Select(o => Within(o, start, answer.Length))],
            Images = images,
            Positions = Locate?.Invoke(encoded.Ids, images),
        };
    }

    /// <summary>Preprocesses the pictures of a prompt, in order.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="ImageFormatException">A picture cannot be read.</exception>
    public IReadOnlyList<ProcessedImage> Process(Prompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return [.. prompt.Turns.SelectMany(t => t.Parts).OfType<ImagePart>().Select(p => ImageProcessor.Process(p.Image))];
    }

    /// <summary>Writes the tokenizer's and the image preprocessing's files.</summary>
    /// <param name="folder">An existing folder.</param>
    public void Save(string folder)
    {
        Tokenizer.Save(folder);
        ImageProcessor.Save(folder);
    }

    private static string Tail(string text) => text.Length <= 60 ? text : "…" + text[^60..];

    private static TokenSpan Within(TokenSpan span, int start, int length)
    {
        int from = Math.Clamp(span.Start - start, 0, length);
        int to = Math.Clamp(span.Start + span.Length - start, from, length);
        return new TokenSpan(from, to - from);
    }

    private string RenderPrompt(Prompt prompt, IReadOnlyList<ProcessedImage> images) =>
        Expand(Template.Render(prompt, addGenerationPrompt: true), images);

    private string Expand(string text, IReadOnlyList<ProcessedImage> images)
    {
        var expanded = new StringBuilder(text.Length);
        int used = 0;
        int from = 0;
        for (int at; (at = text.IndexOf(_imageToken, from, StringComparison.Ordinal)) >= 0; from = at + _imageToken.Length)
        {
            expanded.Append(text, from, at - from);
            if (used < images.Count)
            {
                expanded.Append(_placeholder(images[used]));
            }

            used++;
        }

        if (used > images.Count)
        {
            throw new ArgumentException(
                $"The words of the prompt hold '{_imageToken}', the mark of a picture's place. Leave it out of them: pictures are image parts of "
                + "the prompt, and their marks are set for them.");
        }

        if (used != images.Count)
        {
            throw new ArgumentException(
                $"The prompt has {images.Count} pictures, but its text marks {used} places for pictures ('{_imageToken}'). "
                + $"Add pictures as image parts and keep '{_imageToken}' out of the text.");
        }

        return expanded.Append(text, from, text.Length - from).ToString();
    }
}
