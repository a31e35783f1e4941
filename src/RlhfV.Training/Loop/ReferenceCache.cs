using System.Runtime.InteropServices;
using RlhfV.Models.Checkpoints;
using RlhfV.Training.Examples;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>
/// Keeps reference log-probabilities in a file whose name is a hash of weights, token ids and pixels. A change of model, data, tokenizer,
/// template or preprocessing changes the name, so stale values cannot be found.
/// </summary>
/// <param name="folder">Where the file lies.</param>
/// <param name="modelHash">Hash of the starting weights.</param>
internal sealed class ReferenceCache(string folder, string modelHash)
{
    private const string Chosen = "chosen", Rejected = "rejected";

    /// <summary>Reads the table of some pairs, or gives null when it is not here.</summary>
    public ReferenceTable? Load(IReadOnlyList<EncodedPair> pairs)
    {
        string file = FileOf(pairs);
        if (!File.Exists(file))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using TensorSource source = Safetensors.Open(file);
        (float[] chosen, float[] rejected) = (Values(Chosen), Values(Rejected));
        var table = new ReferenceTable();
        (int nextChosen, int nextRejected) = (0, 0);
        foreach (EncodedPair pair in pairs)
        {
            table[pair] = new ReferenceTable.Row(
                chosen.AsSpan(nextChosen, pair.Chosen.ScoredTokens).ToArray(),
                rejected.AsSpan(nextRejected, pair.Rejected.ScoredTokens).ToArray());
            nextChosen += pair.Chosen.ScoredTokens;
            nextRejected += pair.Rejected.ScoredTokens;
        }

        return table;

        float[] Values(string name) => MemoryMarshal.Cast<byte, float>(source.Read(name).bytes).ToArray();
    }

    /// <summary>Writes the table of some pairs.</summary>
    public void Save(ReferenceTable table, IReadOnlyList<EncodedPair> pairs)
    {
        using var scope = NewDisposeScope();
        Safetensors.Save(FileOf(pairs), new Dictionary<string, Tensor>
        {
            [Chosen] = tensor(pairs.SelectMany(pair => table[pair].Chosen).ToArray()),
            [Rejected] = tensor(pairs.SelectMany(pair => table[pair].Rejected).ToArray()),
        });
    }

    private string FileOf(IReadOnlyList<EncodedPair> pairs) =>
        Path.Combine(folder, $"reference-{DataHasher.OfScored(pairs, modelHash)}.safetensors");
}
