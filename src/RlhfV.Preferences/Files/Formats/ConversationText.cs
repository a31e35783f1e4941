using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Turns conversations of foreign formats, where pictures have places among the words, into our form, where they come first.
/// </summary>
internal static class ConversationText
{
    /// <summary>The word that stands for a picture.</summary>
    public const string ImageToken = "<image>";

    /// <summary>
    /// Splits a conversation into history and prompt, and takes out the pictures' tokens. They may all stand at the beginning or all at the
    /// end of the first user turn; anywhere else their places mean something that an example cannot keep.
    /// </summary>
    /// <param name="turns">The turns before the answers, the last one being the question.</param>
    /// <param name="pictures">Number of pictures the row has.</param>
    /// <exception cref="JsonException">The conversation does not fit an example.</exception>
    public static (IReadOnlyList<PreferenceTurn> History, string Prompt) Split(IReadOnlyList<PreferenceTurn> turns, int pictures)
    {
        if (turns.Count == 0 || turns[^1].Role != PreferenceRole.User)
            throw new JsonException("the conversation does not end with a question of the user, after which the answers would come.");

        int tokens = turns.Sum(turn => Count(turn.Text));
        if (tokens != pictures)
            throw new JsonException($"has {tokens} {ImageToken} in the conversation, but {pictures} pictures.");
        if (tokens == 0)
            return ([.. turns.SkipLast(1)], turns[^1].Text);

        PreferenceTurn[] clean = [.. turns];
        int first = Array.FindIndex(clean, turn => turn.Role == PreferenceRole.User);
        clean[first] = clean[first] with { Text = WithoutTokens(clean[first].Text, tokens) };
        return (clean[..^1], clean[^1].Text);
    }

    /// <summary>The turns of an example with a token for each of its pictures at the front of the first user turn.</summary>
    public static IEnumerable<PreferenceTurn> Join(PreferenceExample example)
    {
        int waiting = example.Images.Count;
        foreach (PreferenceTurn turn in example.History.Append(new PreferenceTurn(PreferenceRole.User, example.Prompt)))
        {
            bool here = waiting > 0 && turn.Role == PreferenceRole.User;
            yield return here ? turn with { Text = WithTokens(turn.Text, waiting) } : turn;
            waiting = here ? 0 : waiting;
        }
    }

    /// <summary>
    /// The part of an example that already holds the token as a literal text, which no reader could tell from a picture's place; null when
    /// none does.
    /// </summary>
    public static string? ColumnWithToken(PreferenceExample example) =>
        Count(example.Prompt) > 0 || example.History.Any(turn => Count(turn.Text) > 0) ? "prompt"
        : Count(example.Chosen) > 0 ? "chosen"
        : Count(example.Rejected) > 0 ? "rejected"
        : null;

    // One line break between tokens and text belongs to them (files have it or not); a text that begins with one gets it doubled.
    private static string WithTokens(string text, int count) =>
        string.Concat(Enumerable.Repeat(ImageToken, count)) + (text.StartsWith('\n') ? "\n" : "") + text;

    private static string WithoutTokens(string text, int count) =>
        SkipTokens(text, count) is { } rest
            ? rest.StartsWith('\n') ? rest[1..] : rest
            : CutTokens(text, count) is { } start
                ? start.EndsWith('\n') ? start[..^1] : start
                : throw new JsonException(
                    $"{ImageToken} stands inside a sentence or behind the first user turn; "
                    + "expected all of them at the beginning or all at the end of that turn.");

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
