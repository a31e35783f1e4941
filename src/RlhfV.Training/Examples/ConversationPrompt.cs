using RlhfV.Models;
using RlhfV.Preferences;

namespace RlhfV.Training.Examples;

/// <summary>Turns what people asked into a prompt of the model.</summary>
internal static class ConversationPrompt
{
    /// <summary>Makes a prompt that ends with the question; pictures go into the first user turn.</summary>
    /// <param name="history">The turns before the question, oldest first.</param>
    /// <param name="question">The question.</param>
    /// <param name="pictures">The pictures, in order.</param>
    public static Prompt Make(IReadOnlyList<PreferenceTurn> history, string question, ImageSource[] pictures)
    {
        string? system = history.FirstOrDefault(turn => turn.Role == PreferenceRole.System)?.Text;
        var prompt = new Prompt([], system);
        ReadOnlySpan<ImageSource> waiting = pictures;
        foreach (PreferenceTurn turn in history.Where(turn => turn.Role != PreferenceRole.System))
        {
            if (turn.Role == PreferenceRole.Assistant)
            {
                prompt = prompt.WithAnswer(turn.Text);
                continue;
            }

            prompt = prompt.WithQuestion(turn.Text, waiting);
            waiting = [];
        }

        return prompt.WithQuestion(question, waiting);
    }

    /// <summary>Where the stored pictures of an example can be decoded from.</summary>
    /// <param name="images">The pictures as they are stored, in order.</param>
    /// <param name="id">What messages call the example.</param>
    /// <exception cref="ArgumentException">One has neither bytes nor a path.</exception>
    public static ImageSource[] Sources(IReadOnlyList<PreferenceImage> images, string id) =>
        [.. images.Select((image, i) => Source(image, images.Count > 1 ? $"picture {i + 1} of {images.Count} of {id}" : $"the picture of {id}"))];

    private static ImageSource Source(PreferenceImage? image, string name) => image switch
    {
        { Bytes: { } bytes } => ImageSource.FromBytes(bytes, image.Path ?? name),
        { Path: { } path } => ImageSource.FromFile(path),
        _ => throw new ArgumentException($"{char.ToUpperInvariant(name[0])}{name[1..]} has neither bytes nor a path."),
    };
}
