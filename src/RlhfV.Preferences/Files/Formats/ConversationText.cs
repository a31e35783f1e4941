using System.Text.Json;

namespace RlhfV.Preferences;

/// <summary>
/// Turns conversations of foreign formats, where the picture has a place among the words, into our form, where it comes first.
/// </summary>
internal static class ConversationText
{
    /// <summary>The word that stands for a picture.</summary>
    public const string ImageToken = "<image>";

    /// <summary>
    /// Splits a conversation into history and prompt, and takes out the picture's token. The token may stand at the beginning or the end
    /// of the first user turn; anywhere else its place means something that an example cannot keep.
    /// </summary>
    /// <param name="turns">The turns before the answers, the last one being the question.</param>
    /// <param name="pictures">Number of pictures the row has.</param>
    /// <exception cref="JsonException">The conversation does not fit an example.</exception>
    public static (IReadOnlyList<PreferenceTurn> History, string Prompt) Split(IReadOnlyList<PreferenceTurn> turns, int pictures)
    {
        if (turns.Count == 0 || turns[^1].Role != PreferenceRole.User)
            throw new JsonException("the conversation does not end with a question of the user, after which the answers would come.");
        if (pictures > 1)
            throw new JsonException($"has {pictures} pictures, expected one at most.");

        int tokens = turns.Sum(turn => Count(turn.Text));
        if (tokens != pictures)
            throw new JsonException($"has {tokens} {ImageToken} in the conversation, but {pictures} pictures.");
        if (tokens == 0)
            return ([.. turns.SkipLast(1)], turns[^1].Text);

        PreferenceTurn[] clean = [.. turns];
        int first = Array.FindIndex(clean, turn => turn.Role == PreferenceRole.User);
        clean[first] = clean[first] with { Text = WithoutToken(clean[first].Text) };
        return (clean[..^1], clean[^1].Text);
    }

    /// <summary>The turns of an example with the token at the front of the first user turn, when it has a picture.</summary>
    public static IEnumerable<PreferenceTurn> Join(PreferenceExample example)
    {
        bool pending = example.Image is not null;
        foreach (PreferenceTurn turn in example.History.Append(new PreferenceTurn(PreferenceRole.User, example.Prompt)))
        {
            bool here = pending && turn.Role == PreferenceRole.User;
            pending &= !here;
            yield return here ? turn with { Text = WithToken(turn.Text) } : turn;
        }
    }

    /// <summary>True when a turn already holds the token as a literal text, which no reader could tell from the picture's place.</summary>
    public static bool HoldsToken(PreferenceExample example) =>
        Count(example.Prompt) > 0 || example.History.Any(turn => Count(turn.Text) > 0);

    // One line break between token and text belongs to the token (files have it or not); a text that begins with one gets it doubled.
    private static string WithToken(string text) => text.StartsWith('\n') ? $"{ImageToken}\n{text}" : ImageToken + text;

    private static string WithoutToken(string text)
    {
        if (text.StartsWith(ImageToken, StringComparison.Ordinal))
        {
            string rest = text[ImageToken.Length..];
            return rest.StartsWith('\n') ? rest[1..] : rest;
        }

        if (text.EndsWith(ImageToken, StringComparison.Ordinal))
        {
            string rest = text[..^ImageToken.Length];
            return rest.EndsWith('\n') ? rest[..^1] : rest;
        }

        throw new JsonException(
            $"{ImageToken} stands inside a sentence or behind the first user turn; expected it at the beginning or the end of that turn.");
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
