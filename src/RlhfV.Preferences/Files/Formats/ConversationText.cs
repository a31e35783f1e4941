using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Turns conversations of foreign formats, where marks among the words stand for pictures, into our form, where texts have none, and back.
/// </summary>
internal static class ConversationText
{
    /// <summary>The word that stands for a picture.</summary>
    public const string ImageToken = "<image>";

    /// <summary>Splits a conversation into history and prompt, and takes out the pictures' tokens.</summary>
    /// <param name="turns">The turns before the answers, the last one being the question.</param>
    /// <param name="pictures">Number of pictures the row has.</param>
    /// <param name="exact">
    /// True to keep every character and place. False, for files of others, to take tokens that all stand at the beginning or all at the end of
    /// the first user turn as pictures before its text, and the line break beside them as part of the token.
    /// </param>
    /// <exception cref="JsonException">The conversation does not fit an example.</exception>
    public static (IReadOnlyList<PreferenceTurn> History, string Prompt, IReadOnlyList<ImagePlace> Places) Split(
        IReadOnlyList<PreferenceTurn> turns, int pictures, bool exact)
    {
        if (turns.Count == 0 || turns[^1].Role != PreferenceRole.User)
            throw new JsonException("the conversation does not end with a question of the user, after which the answers would come.");

        int tokens = turns.Sum(turn => Count(turn.Text));
        if (tokens != pictures)
            throw new JsonException($"has {tokens} {ImageToken} in the conversation, but {pictures} pictures.");
        if (tokens == 0)
            return ([.. turns.SkipLast(1)], turns[^1].Text, []);

        PreferenceTurn[] clean = [.. turns];
        int first = Array.FindIndex(clean, turn => turn.Role == PreferenceRole.User);
        if (!exact && WithoutTokens(clean[first].Text, tokens) is { } text)
        {
            clean[first] = clean[first] with { Text = text };
            return (clean[..^1], clean[^1].Text, []);
        }

        var places = new List<ImagePlace>(tokens);
        for (int i = 0; i < clean.Length; i++)
            clean[i] = clean[i] with { Text = TakeOut(clean[i], i, places) };
        return (clean[..^1], clean[^1].Text, places);
    }

    /// <summary>The turns of an example with a token where each of its pictures stands.</summary>
    public static IEnumerable<PreferenceTurn> Join(PreferenceExample example) => PicturedTurn.Of(example).Select(turn =>
    {
        // One line break between tokens and text belongs to them (files have it or not); a text that begins with one gets it doubled.
        bool doubled = example.ImagePlaces.Count == 0 && turn.Places.Count > 0 && turn.Text.StartsWith('\n');
        PicturedTurn written = doubled ? turn with { Text = $"\n{turn.Text}" } : turn;
        return new PreferenceTurn(turn.Role, string.Concat(written.Parts().Select(part => part ?? ImageToken)));
    });

    /// <summary>
    /// The part of an example that already holds the token as a literal text, which no reader could tell from a picture's place; null when
    /// none does.
    /// </summary>
    public static string? ColumnWithToken(PreferenceExample example) =>
        Count(example.Prompt) > 0 || example.History.Any(turn => Count(turn.Text) > 0) ? "prompt"
        : Count(example.Chosen) > 0 ? "chosen"
        : Count(example.Rejected) > 0 ? "rejected"
        : null;

    /// <summary>The text without tokens that all stand at its beginning or all at its end; null when they stand elsewhere.</summary>
    private static string? WithoutTokens(string text, int count)
    {
        if (SkipTokens(text, count) is { } rest)
            return rest.StartsWith('\n') ? rest[1..] : rest;
        if (CutTokens(text, count) is { } start)
            return start.EndsWith('\n') ? start[..^1] : start;
        return null;
    }

    private static string TakeOut(PreferenceTurn turn, int index, List<ImagePlace> places)
    {
        string text = turn.Text;
        for (int at; (at = text.IndexOf(ImageToken, StringComparison.Ordinal)) >= 0; text = text.Remove(at, ImageToken.Length))
        {
            if (turn.Role != PreferenceRole.User)
                throw new JsonException($"{ImageToken} stands in a turn of the {turn.Role}; expected pictures in turns of the user only.");
            places.Add(new ImagePlace(index, at));
        }

        return text;
    }

    /// <summary>What stands behind the tokens at the beginning, between which there may be white space; null when there are fewer.</summary>
    private static string? SkipTokens(string text, int count)
    {
        string rest = text;
        for (int i = 0; i < count; i++)
        {
            rest = i > 0 ? rest.TrimStart() : rest;
            if (!rest.StartsWith(ImageToken, StringComparison.Ordinal))
                return null;
            rest = rest[ImageToken.Length..];
        }

        return rest;
    }

    /// <summary>What stands before the tokens at the end; null when there are fewer.</summary>
    private static string? CutTokens(string text, int count)
    {
        string rest = text;
        for (int i = 0; i < count; i++)
        {
            rest = i > 0 ? rest.TrimEnd() : rest;
            if (!rest.EndsWith(ImageToken, StringComparison.Ordinal))
                return null;
            rest = rest[..^ImageToken.Length];
        }

        return rest;
    }

    private static int Count(string text)
    {
        int count = 0;
        for (int i = Next(0); i >= 0; i = Next(i + ImageToken.Length))
            count++;
        return count;

        int Next(int from) => text.IndexOf(ImageToken, from, StringComparison.Ordinal);
    }
}
