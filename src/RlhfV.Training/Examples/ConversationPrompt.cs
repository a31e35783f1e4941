using RlhfV.Models;
using RlhfV.Preferences;

namespace RlhfV.Training.Examples;

/// <summary>Turns what people asked into a prompt of the model.</summary>
internal static class ConversationPrompt
{
    /// <summary>Makes a prompt that ends with the question.</summary>
    /// <param name="history">The turns before the question, oldest first.</param>
    /// <param name="question">The question.</param>
    /// <param name="pictures">The pictures, in order.</param>
    /// <param name="places">Where they stand; empty for the beginning of the first user turn.</param>
    /// <param name="id">What messages call the example.</param>
    /// <exception cref="ArgumentException">A picture has no place, or one outside the user's texts.</exception>
    public static Prompt Make(
        IReadOnlyList<PreferenceTurn> history, string question, ImageSource[] pictures, IReadOnlyList<ImagePlace> places, string id)
    {
        string? system = history.FirstOrDefault(turn => turn.Role == PreferenceRole.System)?.Text;
        if (places.Count > 0)
        {
            PreferenceTurn[] turns = [.. history, new(PreferenceRole.User, question)];
            Check(turns, pictures.Length, places, id);
            return new Prompt([.. turns.Index().Where(turn => turn.Item.Role != PreferenceRole.System).Select(Turn)], system);
        }

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

        PromptTurn Turn((int Index, PreferenceTurn Item) turn) => new(
            turn.Item.Role == PreferenceRole.Assistant ? PromptRole.Assistant : PromptRole.User,
            Parts(turn.Item.Text, [.. places.Zip(pictures).Where(pair => pair.First.Turn == turn.Index)]));
    }

    /// <summary>Where the stored pictures of an example can be decoded from.</summary>
    /// <param name="images">The pictures as they are stored, in order.</param>
    /// <param name="id">What messages call the example.</param>
    /// <exception cref="ArgumentException">One has neither bytes nor a path.</exception>
    public static ImageSource[] Sources(IReadOnlyList<PreferenceImage> images, string id) =>
        [.. images.Select((image, i) => Source(image, images.Count > 1 ? $"picture {i + 1} of {images.Count} of {id}" : $"the picture of {id}"))];

    private static List<PromptPart> Parts(string text, (ImagePlace Place, ImageSource Picture)[] pictures)
    {
        var parts = new List<PromptPart>();
        int from = 0;
        foreach ((ImagePlace place, ImageSource picture) in pictures)
        {
            if (place.Position > from)
            {
                parts.Add(new TextPart(text[from..place.Position]));
            }

            parts.Add(new ImagePart(picture));
            from = place.Position;
        }

        if (from < text.Length || text.Length == 0)
        {
            parts.Add(new TextPart(text[from..]));
        }

        return parts;
    }

    private static void Check(PreferenceTurn[] turns, int pictures, IReadOnlyList<ImagePlace> places, string id)
    {
        if (places.Count != pictures)
        {
            throw new ArgumentException(
                $"{id} has {pictures} pictures but {places.Count} places for them; expected one for each, or none for pictures before the first question.");
        }

        for (int i = 0; i < places.Count; i++)
        {
            (int turn, int position) = places[i];
            if (turn < 0 || turn >= turns.Length || turns[turn].Role != PreferenceRole.User || position < 0 || position > turns[turn].Text.Length
                || (i > 0 && (places[i - 1].Turn > turn || (places[i - 1].Turn == turn && places[i - 1].Position > position))))
            {
                throw new ArgumentException(
                    $"Picture {i + 1} of {id} stands at {position} in turn {turn}; expected a place in a text of the user, behind the picture before it.");
            }
        }
    }

    private static ImageSource Source(PreferenceImage? image, string name) => image switch
    {
        { Bytes: { } bytes } => ImageSource.FromBytes(bytes, image.Path ?? name),
        { Path: { } path } => ImageSource.FromFile(path),
        _ => throw new ArgumentException($"{char.ToUpperInvariant(name[0])}{name[1..]} has neither bytes nor a path."),
    };
}
