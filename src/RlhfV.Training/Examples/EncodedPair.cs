using RlhfV.Training.Loop;

namespace RlhfV.Training.Examples;

/// <summary>A preference example as the network reads it.</summary>
public sealed record EncodedPair
{
    /// <summary>Makes a pair.</summary>
    /// <param name="id">Name of the example in messages.</param>
    /// <param name="chosen">Prompt and preferred answer.</param>
    /// <param name="rejected">Prompt and dispreferred answer.</param>
    /// <param name="pictures">The prompt's pictures, in the order of their tokens.</param>
    public EncodedPair(string id, EncodedSequence chosen, EncodedSequence rejected, IReadOnlyList<ExamplePicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(rejected);
        ArgumentNullException.ThrowIfNull(pictures);
        (Id, Chosen, Rejected, Pictures) = (id, chosen, rejected, pictures);
        int limit = Math.Min(chosen.Length, rejected.Length);
        while (SharedTokens < limit && chosen.Ids[SharedTokens] == rejected.Ids[SharedTokens])
        {
            SharedTokens++;
        }
    }

    /// <summary>Name of the example in messages.</summary>
    public string Id { get; }

    /// <summary>Prompt and preferred answer.</summary>
    public EncodedSequence Chosen { get; }

    /// <summary>Prompt and dispreferred answer.</summary>
    public EncodedSequence Rejected { get; }

    /// <summary>The prompt's pictures, in the order of their tokens.</summary>
    public IReadOnlyList<ExamplePicture> Pictures { get; }

    /// <summary>
    /// Tokens at the start that both sequences have in common: image, prompt, and the answers up to the first difference.
    /// </summary>
    public int SharedTokens { get; }

    /// <summary>Tokens of the pair when the shared beginning is laid out once.</summary>
    public int PackedLength => Chosen.Length + Rejected.Length - SharedTokens;

    /// <summary>Log-probabilities of the scored tokens that the example brought; null when they are to be computed.</summary>
    internal ReferenceTable.Row? StoredReference { get; init; }

    /// <summary>The pair with other pictures of the same size.</summary>
    internal EncodedPair See(Func<ExamplePicture, ExamplePicture> see) => new(Id, Chosen, Rejected, [.. Pictures.Select(see)]);
}
