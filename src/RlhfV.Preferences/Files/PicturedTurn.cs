namespace RlhfV.Preferences;

/// <summary>A turn of a conversation with the places of the pictures in its text.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">What is said, without any mark of a picture.</param>
/// <param name="Places">UTF-16 code units before each of the turn's pictures, in order.</param>
internal sealed record PicturedTurn(PreferenceRole Role, string Text, IReadOnlyList<int> Places)
{
    /// <summary>The turns of an example, the prompt last.</summary>
    public static IEnumerable<PreferenceTurn> TurnsOf(PreferenceExample example) =>
        example.History.Append(new PreferenceTurn(PreferenceRole.User, example.Prompt));

    /// <summary>The turns of a checked example with the places of its pictures, the prompt last.</summary>
    public static IEnumerable<PicturedTurn> Of(PreferenceExample example)
    {
        int first = example.History.Index().FirstOrDefault(turn => turn.Item.Role == PreferenceRole.User, (example.History.Count, null!)).Index;
        return TurnsOf(example).Select((turn, i) => new PicturedTurn(turn.Role, turn.Text, PlacesIn(i)));

        IReadOnlyList<int> PlacesIn(int turn) => example.ImagePlaces.Count > 0
            ? [.. example.ImagePlaces.Where(place => place.Turn == turn).Select(place => place.Position)]
            : turn == first ? new int[example.Images.Count] : [];
    }

    /// <summary>Texts and pictures in the order in which they stand; null stands for a picture. A turn has at least one text.</summary>
    public IEnumerable<string?> Parts()
    {
        int from = 0;
        foreach (int place in Places)
        {
            if (place > from)
                yield return Text[from..place];
            yield return null;
            from = place;
        }

        if (from < Text.Length || Text.Length == 0)
            yield return Text[from..];
    }
}
