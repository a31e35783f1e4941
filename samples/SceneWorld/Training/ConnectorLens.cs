using RlhfV.Models;
using RlhfV.Models.Modules;
using RlhfV.Models.Tokenization;
using static TorchSharp.torch;

namespace SceneWorld.Training;

/// <summary>
/// Reads projected image features as if they were the decoder's last states: under the output head each patch shall name what it shows (noun, colour,
/// number, side, height, action). It brings the connector's output into the decoder's own vocabulary, as LLaVA's first stage does with
/// hundreds of thousands of captions, and exists only while the model is trained.
/// </summary>
/// <param name="tokenizer">The model's tokenizer.</param>
internal sealed class ConnectorLens(TextTokenizer tokenizer)
{
    private readonly Dictionary<string, int> _firstTokens = [];

    /// <summary>Mean cross-entropy, in nats, against the words of every occupied patch in equal shares.</summary>
    /// <param name="network">The model.</param>
    /// <param name="projected">Projected features, <c>[scenes, 49, hidden]</c>.</param>
    /// <param name="scenes">The scenes.</param>
    public Tensor Loss(VisionLanguageNetwork network, Tensor projected, IReadOnlyList<Scene> scenes)
    {
        var rows = new List<long>();
        var labels = new List<long>();
        var shares = new List<float>();
        for (int i = 0; i < scenes.Count; i++)
        {
            IReadOnlyList<int> kinds = SceneTruth.Of(scenes[i]).CellKinds;
            for (int cell = 0; cell < kinds.Count; cell++)
            {
                if (kinds[cell] > 0)
                {
                    int[] words = [.. Words(scenes[i].Find((ObjectKind)(kinds[cell] - 1))!).Select(FirstToken).Distinct()];
                    rows.AddRange(words.Select(_ => (long)(i * kinds.Count) + cell));
                    labels.AddRange(words.Select(w => (long)w));
                    shares.AddRange(words.Select(_ => 1f / words.Length));
                }
            }
        }

        Tensor x = projected.reshape(-1, projected.shape[^1]);
        Tensor normed = x * x.Squared().mean([-1], keepdim: true).Plus(1e-5).rsqrt();
        Tensor logProbs = network.Head(normed).log_softmax(-1);
        Tensor picked = logProbs.index_select(0, tensor(rows.ToArray())).gather(1, tensor(labels.ToArray()).unsqueeze(1)).squeeze(1);
        Tensor weights = tensor(shares.ToArray());
        return (picked * weights).sum() / weights.sum().neg();
    }

    private static IEnumerable<string> Words(ObjectGroup group)
    {
        yield return Lexicon.Noun(group.Kind, group.Count > 1);
        yield return Lexicon.Word(group.Colour);
        yield return Lexicon.Word(group.Place.Column);
        yield return Lexicon.Word(group.Place.Row);
        if (group.Count > 1)
        {
            yield return Lexicon.Word(group.Count);
        }

        if (group.Action is { } action)
        {
            yield return Lexicon.Word(action);
        }
    }

    private int FirstToken(string word)
    {
        if (!_firstTokens.TryGetValue(word, out int id))
        {
            id = tokenizer.Encode(word, addSpecialTokens: false)[0];
            _firstTokens.Add(word, id);
        }

        return id;
    }
}
