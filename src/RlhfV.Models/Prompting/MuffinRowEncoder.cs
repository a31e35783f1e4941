using RlhfV.Models.Tokenization;

namespace RlhfV.Models;

/// <summary>
/// Writes conversations as the official Muffin and RLHF-V code does (<c>muffin/train/train_utils.py</c>), ids and label masks included:
/// the masks are counted in separately encoded turns, so they carry that code's habits, which every released checkpoint was trained with.
/// </summary>
/// <remarks>
/// In form V0 the loss covers, of a question, the tokens <c>##</c> and <c>#</c>; of an answer, its whole header, text and line feed; and
/// the
/// closing <c>### </c>. In form V1 it covers answers and their <c>&lt;/s&gt;</c>, and a row whose parts do not add up to the whole trains
/// nothing (see <see cref="MuffinRow.Problem"/>). Load the tokenizer with <see cref="TokenizerSource.SentencePiece"/>: the fast one gives
/// other ids around pictures.
/// </remarks>
public sealed class MuffinRowEncoder
{
    /// <summary>The label of a token that does not count in the loss.</summary>
    public const int IgnoredLabel = -100;

    private const string ImagePatch = "<im_patch>";
    private const string ImageStart = "<im_start>";
    private const string ImageEnd = "<im_end>";
    private const string Placeholder = "<image>";

    private readonly TextTokenizer _tokenizer;
    private readonly MuffinRowOptions _options;
    private readonly int _imageEndId;

    /// <summary>Makes an encoder.</summary>
    /// <param name="tokenizer">
    /// The checkpoint's tokenizer, with <c>&lt;im_patch&gt;</c>, <c>&lt;im_start&gt;</c> and <c>&lt;im_end&gt;</c>.
    /// </param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The tokenizer lacks a token that the form needs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public MuffinRowEncoder(TextTokenizer tokenizer, MuffinRowOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _options = options ?? new MuffinRowOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.ImageTokenCount, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxLength, 1, nameof(options));
        Picture = ImageStart + string.Concat(Enumerable.Repeat(ImagePatch, _options.ImageTokenCount)) + ImageEnd;
        Required(ImagePatch);
        Required(ImageStart);
        _imageEndId = Required(ImageEnd);
        PadId = _options.Form switch
        {
            MuffinRowForm.V0 => Required("[PAD]"),
            MuffinRowForm.V1 => Required("<unk>"),
            _ => throw new ArgumentOutOfRangeException(nameof(options), _options.Form, "The form is none of the known ones."),
        };

        int Required(string token) => tokenizer.TokenId(token) ?? throw new ArgumentException(
            $"The tokenizer has no token {token}. Load it from the checkpoint's folder with its added_tokens.json.", nameof(tokenizer));
    }

    /// <summary>The id that fills up short rows in this form.</summary>
    public int PadId { get; }

    /// <summary>The text that stands for a picture: its patch tokens between start and end.</summary>
    internal string Picture { get; }

    /// <summary>Writes a conversation that ends with an answer.</summary>
    /// <param name="conversation">Questions and answers by turns.</param>
    /// <exception cref="ArgumentException">
    /// The conversation does not end with an answer, a text holds the placeholder <c>&lt;image&gt;</c>, or the row is so long that a
    /// picture
    /// would be cut off.
    /// </exception>
    public MuffinRow Encode(Prompt conversation)
    {
        Check(conversation);
        if (conversation.Turns is not [.., { Role: PromptRole.Assistant }])
            throw new ArgumentException(
                "The conversation does not end with an answer. Add one with Prompt.WithAnswer.", nameof(conversation));

        List<(PromptRole Role, string Said)> turns =
            [.. conversation.Turns.Select(t => (t.Role, ChatTemplate.ImagesThenText(t, Picture)))];
        string head = _options.Form == MuffinRowForm.V0
            ? MuffinTrainingTemplate.Header(conversation.System)
            : (conversation.System ?? VicunaChatTemplate.DefaultSystem) + " ";
        string[] said = [.. turns.Select(t =>
            _options.Form == MuffinRowForm.V0 ? MuffinTrainingTemplate.Say(t.Role, t.Said) : VicunaChatTemplate.Say(t.Role, t.Said))];
        string text = head + string.Concat(said) + (_options.Form == MuffinRowForm.V0 ? MuffinTrainingTemplate.Signal : "");

        EncodedText encoded = _tokenizer.EncodeWithOffsets(text);
        int[] ids = [.. encoded.Ids.Take(_options.MaxLength)];
        CheckPictures(conversation, ids);
        int[] labels = [.. ids];
        string? problem = null;
        if (_options.Form == MuffinRowForm.V0)
            MaskTurns(labels, head, turns, said);
        else
            problem = MaskRounds(labels, ids, text);

        return new MuffinRow
        {
            Ids = ids,
            Labels = labels,
            Text = text,
            Offsets = [.. encoded.Offsets.Take(ids.Length)],
            Answer = AnswerSpan(head, said, turns[^1].Said),
            Problem = problem,
        };
    }

    /// <summary>Writes a question as the official evaluation asks it (see <see cref="ChatTemplate.MuffinEvaluation"/>).</summary>
    /// <param name="question">One question, or a conversation that ends with one.</param>
    /// <returns>Token ids, the begin token first; the model answers with <c> Assistant: ...</c> and ends at <c>###</c>.</returns>
    /// <exception cref="ArgumentException">A text holds the placeholder <c>&lt;image&gt;</c>.</exception>
    public IReadOnlyList<int> EncodeEvaluationPrompt(Prompt question)
    {
        Check(question);
        string text = ChatTemplate.MuffinEvaluation.Render(question, addGenerationPrompt: true);
        return _tokenizer.Encode(text.Replace(Placeholder, Picture, StringComparison.Ordinal));
    }

    // The last turn is "HEADER: ANSWER" and what closes it; an empty answer of form V1 has no blank behind the colon.
    private static TokenSpan AnswerSpan(string head, string[] said, string answer)
    {
        int start = head.Length + said[..^1].Sum(s => s.Length);
        int header = answer.Length == 0 ? said[^1].Length : said[^1].IndexOf(": ", StringComparison.Ordinal) + 2;
        return new TokenSpan(start + header, answer.Length);
    }

    private static void Check(Prompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (prompt.Turns.SelectMany(t => t.Parts).OfType<TextPart>().Any(p => p.Text.Contains(Placeholder, StringComparison.Ordinal)))
            throw new ArgumentException(
                $"A text of the prompt holds '{Placeholder}', which stands for a picture. Take it out, add the picture as an image part.",
                nameof(prompt));
    }

    private void CheckPictures(Prompt conversation, int[] ids)
    {
        int pictures = conversation.Images.Count();
        if (ids.Count(id => id == _imageEndId) < pictures)
            throw new ArgumentException(
                $"The row is longer than {_options.MaxLength} tokens, and {pictures} pictures do not fit in front of the cut. "
                + "Shorten the question or raise MuffinRowOptions.MaxLength.",
                nameof(conversation));
    }

    // preprocess: walks by the lengths of separately encoded turns. Each of them counts its own <s>, which makes up for "###" being one
    // token at the start of a text and two behind a line feed.
    private void MaskTurns(int[] labels, string head, List<(PromptRole Role, string Said)> turns, string[] said)
    {
        int at = Length(head);
        Ignore(labels, 0, at);
        for (int i = 0; i < said.Length; i++)
        {
            int length = Length(said[i]);
            if (turns[i].Role == PromptRole.User)
                Ignore(labels, at + 2, at + length);
            at += length;
        }

        int Length(string text) => _tokenizer.Encode(text).Take(_options.MaxLength).Count(id => id != PadId);
    }

    // preprocess_v1: cuts at </s> and at " ASSISTANT: ". Minus two: the <s> and the mark of the closing blank.
    private string? MaskRounds(int[] labels, int[] ids, string text)
    {
        const string Separator = " " + VicunaChatTemplate.Assistant + ": ";
        Ignore(labels, 0, 1);
        int at = 1;
        foreach (string round in text.Split(VicunaChatTemplate.EndOfAnswer))
        {
            string[] parts = round.Split(Separator);
            if (round.Length == 0 || parts.Length != 2)
                break;
            Ignore(labels, at, at + _tokenizer.Encode(parts[0] + Separator).Count - 2);
            at += _tokenizer.Encode(round).Count;
        }

        Ignore(labels, at, labels.Length);
        int counted = ids.Count(id => id != PadId);
        if (at >= _options.MaxLength || at == counted)
            return null;
        Ignore(labels, 0, labels.Length);
        return $"The parts of the row add up to {at} tokens, the row has {counted}: an answer is empty or holds '{Separator}', "
            + $"'{VicunaChatTemplate.EndOfAnswer}' or the padding token. The reference ignores such rows.";
    }

    private static void Ignore(int[] labels, int start, int end)
    {
        int from = Math.Clamp(start, 0, labels.Length);
        Array.Fill(labels, IgnoredLabel, from, Math.Clamp(end, from, labels.Length) - from);
    }
}
