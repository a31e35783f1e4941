using RlhfV.Models;
using RlhfV.Models.Images;
using RlhfV.Preferences;

namespace RlhfV.Training.Examples;

/// <summary>Turns instructions into token sequences of which the answer counts.</summary>
/// <param name="processor">Tokenizer, chat template and image preprocessing of the model.</param>
/// <param name="maxTokens">Longest sequence allowed.</param>
/// <param name="countPromptTokens">Whether <see cref="EncodedAnswer.CountedPromptTokens"/> count as well.</param>
public sealed class InstructionEncoder(VisionLanguageProcessor processor, int maxTokens, bool countPromptTokens = false)
{
    /// <summary>Encodes one instruction.</summary>
    /// <param name="example">The instruction.</param>
    /// <param name="id">What messages call it.</param>
    /// <param name="onPicture">Told each picture with its pixels, which are not kept; null for nobody.</param>
    /// <exception cref="ArgumentException">The instruction cannot be trained on; the message says why.</exception>
    /// <exception cref="ImageFormatException">A picture cannot be read.</exception>
    /// <exception cref="IOException">A picture's file is missing.</exception>
    public EncodedInstruction Encode(InstructionExample example, string id, Action<ExamplePicture, ProcessedImage>? onPicture = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        var pictures = new EncodedPictures(ConversationPrompt.Sources(example.Images, id), processor.ImageProcessor);
        Prompt prompt = ConversationPrompt.Make(example.History, example.Prompt, pictures.Sources, example.ImagePlaces, id);
        EncodedAnswer answer = processor.EncodeAnswer(prompt, example.Answer, pictures.Pixels);
        EncodedSequence sequence = EncodedSequence.Of(answer, answer.AnswerIds.Select(_ => TokenRole.Unchanged), countPromptTokens);
        ExampleEncoding.RequireLength(id, sequence.Length, maxTokens);
        pictures.Offer(onPicture);
        return new EncodedInstruction(id, sequence, pictures.Pictures);
    }

    /// <summary>Encodes instructions in order.</summary>
    /// <param name="examples">The instructions.</param>
    /// <param name="invalid">What happens to those that cannot be trained on.</param>
    /// <param name="onPicture">Told each picture with its pixels, which are not kept; null for nobody.</param>
    /// <param name="cancellation">Looked at before each instruction.</param>
    /// <exception cref="ArgumentException">One cannot be trained on and is not to be skipped, or none is left.</exception>
    public EncodedExamples<EncodedInstruction> Encode(
        IReadOnlyList<InstructionExample> examples,
        InvalidExamplePolicy invalid,
        Action<ExamplePicture, ProcessedImage>? onPicture = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return ExampleEncoding.Encode(
            examples, example => example.Origin.Id, (example, id) => Encode(example, id, onPicture), invalid, cancellation);
    }
}
