using RlhfV.Models;

namespace RlhfV.Training.Examples;

/// <summary>A prompt with one answer as the network reads it, and what each token means to the objective.</summary>
public sealed record EncodedSequence
{
    /// <summary>Makes a sequence.</summary>
    /// <param name="ids">Token ids of prompt and answer; every image feature has its own image token.</param>
    /// <param name="roles">Role of each token; the first is <see cref="TokenRole.Unscored"/>, for nothing predicts it.</param>
    /// <exception cref="ArgumentException">The lists differ in length, the first token is scored, or none is.</exception>
    public EncodedSequence(IReadOnlyList<int> ids, IReadOnlyList<TokenRole> roles)
        : this(ids, roles, mayBeEmpty: false)
    {
    }

    private EncodedSequence(IReadOnlyList<int> ids, IReadOnlyList<TokenRole> roles, bool mayBeEmpty)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(roles);
        if (ids.Count != roles.Count)
        {
            throw new ArgumentException($"There are {ids.Count} tokens but {roles.Count} roles; expected one role per token.",
                nameof(roles));
        }

        if (roles.Count > 0 && roles[0] != TokenRole.Unscored)
        {
            throw new ArgumentException("The first token of a sequence is scored, but no token before it predicts it.", nameof(roles));
        }

        // A row without scored tokens trains on nothing and divides by zero when scores are means: the data is wrong, say so. Unless it was
        // cut, and whoever asked for that knows.
        ScoredTokens = roles.Count(role => role != TokenRole.Unscored);
        if (ScoredTokens == 0 && !mayBeEmpty)
        {
            throw new ArgumentException("No token of the sequence is scored; the answer must have at least one token.", nameof(roles));
        }

        (Ids, Roles) = (ids, roles);
    }

    /// <summary>Token ids of prompt and answer.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>Role of each token.</summary>
    public IReadOnlyList<TokenRole> Roles { get; }

    /// <summary>Where the tokens stand; null when they are counted from 0.</summary>
    public TokenPositions? Positions { get; init; }

    /// <summary>Number of tokens that count; 0 only where the sequence was cut before its answer (<see cref="InvalidExamplePolicy.Keep"/>).</summary>
    public int ScoredTokens { get; }

    /// <summary>Whether tokens beyond the limit were cut off.</summary>
    internal bool WasCut { get; private init; }

    /// <summary>Number of tokens.</summary>
    public int Length => Ids.Count;

    /// <summary>A prompt with one answer.</summary>
    /// <param name="answer">Both, encoded.</param>
    /// <param name="roles">Role of each of the answer's tokens.</param>
    /// <param name="countPromptTokens">Whether <see cref="EncodedAnswer.CountedPromptTokens"/> are scored; others of the prompt never are.</param>
    /// <param name="wasCut">Whether the answer is what is left of a longer one; only then there may be nothing that counts.</param>
    internal static EncodedSequence Of(EncodedAnswer answer, IEnumerable<TokenRole> roles, bool countPromptTokens, bool wasCut = false)
    {
        TokenRole[] all = [.. Enumerable.Repeat(TokenRole.Unscored, answer.PromptIds.Count), .. roles];
        foreach (int counted in countPromptTokens ? answer.CountedPromptTokens : [])
        {
            all[counted] = TokenRole.Unchanged;
        }

        return new EncodedSequence([.. answer.PromptIds, .. answer.AnswerIds], all, mayBeEmpty: wasCut)
        {
            Positions = answer.Positions,
            WasCut = wasCut,
        };
    }
}
