using RlhfV.Models.Modules;
using RlhfV.Models.Tokenization;
using static TorchSharp.torch;

namespace SceneWorld.Training;

/// <summary>
/// Where a text names something the scene has, the decoder shall know half-way through its layers how many there are, in which colour, on which side
/// and how high: it has to find the noun's patches in the picture. Later words then read it off the noun. Left to next-word prediction
/// alone this comes very late in so small a model. The head exists only while the model is trained.
/// </summary>
internal sealed class NounHead : NamedModule
{
    private static readonly int[] Classes = [4, Enum.GetValues<SceneColour>().Length, 2, 3];
    private readonly Linear _linear;
    private readonly string?[] _pieces;
    private readonly Dictionary<string, ObjectKind> _nouns = [];

    /// <summary>Makes the head with zero weights.</summary>
    /// <param name="width">Width of the decoder.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public NounHead(long width, TextTokenizer tokenizer)
        : base(nameof(NounHead))
    {
        _linear = new Linear(width, Classes.Sum(), bias: true);
        register_module("linear", _linear);
        using (no_grad())
        {
            _linear.Weight.zero_();
            _linear.Bias!.zero_();
        }

        _pieces = [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Token)];
        foreach (ObjectKind kind in Enum.GetValues<ObjectKind>())
        {
            for (int name = 0; name < Lexicon.NamesOf(kind); name++)
            {
                _nouns[Lexicon.Noun(kind, plural: false, name)] = kind;
                _nouns[Lexicon.Noun(kind, plural: true, name)] = kind;
            }
        }
    }

    /// <summary>Finds the last token of every noun that names a group of its row's scene.</summary>
    /// <param name="ids">Token ids, row after row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="scenes">One scene per row.</param>
    public IReadOnlyList<(long At, ObjectGroup Group)> Find(ReadOnlySpan<long> ids, int rows, IReadOnlyList<Scene> scenes)
    {
        var found = new List<(long, ObjectGroup)>();
        int length = ids.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            string word = "";
            for (int i = 0; i < length; i++)
            {
                string piece = _pieces[ids[(row * length) + i]] ?? "";
                word = piece.StartsWith('\u2581') ? piece[1..] : word + piece;
                bool ends = i + 1 == length || _pieces[ids[(row * length) + i + 1]] is not { Length: > 0 } next || !char.IsLetter(next[0]) || next[0] == '\u2581';
                if (ends && _nouns.TryGetValue(word.ToLowerInvariant(), out ObjectKind kind) && scenes[row].Find(kind) is { } group)
                {
                    found.Add(((row * length) + i, group));
                }
            }
        }

        return found;
    }

    /// <summary>Cross-entropy of number, colour, side and height, summed over the four and averaged over the nouns, in nats.</summary>
    /// <param name="states">The nouns' states, <c>[nouns, width]</c>.</param>
    /// <param name="groups">The groups they name.</param>
    public Tensor Loss(Tensor states, IReadOnlyList<ObjectGroup> groups)
    {
        Tensor normed = states * states.Squared().mean([-1], keepdim: true).Plus(1e-5).rsqrt();
        Tensor logits = _linear.call(normed);
        Tensor loss = zeros(1);
        long at = 0;
        for (int task = 0; task < Classes.Length; task++)
        {
            long[] labels = [.. groups.Select(g => (long)(task switch
            {
                0 => g.Count - 1,
                1 => (int)g.Colour,
                2 => (int)g.Place.Column,
                _ => (int)g.Place.Row,
            }))];
            loss = loss.Plus(nn.functional.cross_entropy(logits.narrow(1, at, Classes[task]), tensor(labels)));
            at += Classes[task];
        }

        return loss;
    }
}
