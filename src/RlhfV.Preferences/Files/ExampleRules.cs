namespace RlhfV.Preferences;

/// <summary>What every example must fulfil to be read or written.</summary>
internal static class ExampleRules
{
    /// <summary>The first rule that an example breaks, or null.</summary>
    public static ExampleFault? Check(PreferenceExample example)
    {
        if (CheckText("prompt", example.Prompt) is { } badPrompt)
            return badPrompt;
        if (CheckAnswer("chosen", example.Chosen) is { } badChosen)
            return badChosen;
        if (CheckAnswer("rejected", example.Rejected) is { } badRejected)
            return badRejected;

        for (int i = 0; i < example.History.Count; i++)
        {
            if (example.History[i] is null)
                return new($"history[{i}]", "the turn is null, expected a turn.");
            if (CheckText($"history[{i}]", example.History[i].Text) is { } badTurn)
                return badTurn;
        }

        if ((CheckPictures(example) ?? CheckPlaces(example)) is { } badPicture)
            return badPicture;

        for (int i = 0; i < example.Segments.Count; i++)
        {
            CorrectedSegment segment = example.Segments[i];
            if (segment is null)
                return new($"segments[{i}]", "the segment is null, expected a segment.");
            if (CheckSpan($"segments[{i}].rejected", segment.Rejected, example.Rejected) is { } badBefore)
                return badBefore;
            if (CheckSpan($"segments[{i}].chosen", segment.Chosen, example.Chosen) is { } badAfter)
                return badAfter;
            if (segment.Rejected.IsEmpty && segment.Chosen.IsEmpty)
                return new($"segments[{i}]", "is empty on both sides, expected text on at least one.");
        }

        return null;
    }

    private static ExampleFault? CheckPictures(PreferenceExample example)
    {
        if (example.Image is null && example.MoreImages.Count > 0)
        {
            return new(
                "more_images",
                $"the example has {example.MoreImages.Count} further pictures, but no first one in 'image'. Put the first picture there.");
        }

        for (int i = 0; i < example.MoreImages.Count; i++)
        {
            if (example.MoreImages[i] is null)
                return new($"more_images[{i}]", "the picture is null, expected a picture.");
        }

        return null;
    }

    private static ExampleFault? CheckPlaces(PreferenceExample example)
    {
        (IReadOnlyList<ImagePlace> places, int pictures) = (example.ImagePlaces, example.Images.Count);
        if (places.Count != 0 && places.Count != pictures)
        {
            return new(
                "image_places",
                $"there are {places.Count} places for {pictures} pictures; expected one for each, or none for pictures before the first question.");
        }

        PreferenceTurn[] turns = [.. PicturedTurn.TurnsOf(example)];
        for (int i = 0; i < places.Count; i++)
        {
            string column = $"image_places[{i}]";
            (int turn, int position) = places[i];
            if (turn < 0 || turn >= turns.Length || turns[turn].Role != PreferenceRole.User)
                return new(column, $"names turn {turn}, which is none of the user; the conversation has {turns.Length} with the prompt.");
            string text = turns[turn].Text;
            if (position < 0 || position > text.Length)
                return new(column, $"stands at {position}, but the turn has {text.Length} characters. Positions count UTF-16 code units.");
            if (position > 0 && position < text.Length && char.IsSurrogatePair(text[position - 1], text[position]))
                return new(column, $"stands at {position}, in the middle of a character.");
            if (i > 0 && (places[i - 1].Turn, places[i - 1].Position).CompareTo((turn, position)) > 0)
                return new(column, "stands before the picture that comes first; expected places in the order of the pictures.");
        }

        return null;
    }

    private static ExampleFault? CheckAnswer(string column, string? text) =>
        string.IsNullOrWhiteSpace(text)
            ? new(column, "the answer is empty, expected text. Correct the row or leave it out.")
            : CheckText(column, text);

    private static ExampleFault? CheckText(string column, string? text)
    {
        if (text is null)
            return new(column, "the text is null, expected a text.");

        // UTF-8 has no form for half a surrogate pair: encoders replace it in silence.
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return new(column, $"the text holds half a surrogate pair at position {i}, which no file can store. Remove it.");
            i++;
        }

        return null;
    }

    private static ExampleFault? CheckSpan(string column, TextSpan span, string answer) =>
        span.Start >= 0 && span.Length >= 0 && (long)span.Start + span.Length <= answer.Length
            ? null
            : new(
                column,
                $"covers {span.Start}..{(long)span.Start + span.Length}, but the answer has {answer.Length} characters. "
                + "Positions count UTF-16 code units.");
}
