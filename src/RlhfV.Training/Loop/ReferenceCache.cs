using System.Runtime.InteropServices;
using RlhfV.Models;
using RlhfV.Models.Checkpoints;
using RlhfV.Training.Examples;
using static TorchSharp.torch;

namespace RlhfV.Training.Loop;

/// <summary>
/// Keeps reference log-probabilities in a file whose name is a hash of weights, token ids, pixels and precision. A change of model, data,
/// tokenizer, template, preprocessing or precision changes the name, so stale values cannot be found.
/// </summary>
/// <param name="folder">Where the file lies.</param>
/// <param name="modelHash">Hash of the starting weights.</param>
/// <param name="report">Told of a file that cannot be used, which is computed anew; null for nobody.</param>
internal sealed class ReferenceCache(string folder, string modelHash, Action<string>? report = null)
{
    private const string Chosen = "chosen", Rejected = "rejected", Scores = "scores";
    private const int ScoresPerPair = 4;

    /// <summary>Reads the table of some pairs, or gives null when it is not here or damaged.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="precision">How it was computed.</param>
    public ReferenceTable? Load(IReadOnlyList<EncodedPair> pairs, ReferencePrecision precision)
    {
        string file = FileOf(pairs, precision);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return Read(file, pairs, precision);
        }
        catch (Exception problem) when (problem is ModelFormatException or KeyNotFoundException or ArgumentException)
        {
            report?.Invoke($"The reference log-probabilities in '{file}' were computed again: {problem.Message}");
            return null;
        }
    }

    /// <summary>Writes the table of some pairs.</summary>
    /// <param name="table">The table.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="precision">How it was computed.</param>
    public void Save(ReferenceTable table, IReadOnlyList<EncodedPair> pairs, ReferencePrecision precision)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            [Chosen] = tensor(pairs.SelectMany(pair => table[pair].Chosen).ToArray()),
            [Rejected] = tensor(pairs.SelectMany(pair => table[pair].Rejected).ToArray()),
        };
        if (precision == ReferencePrecision.Released)
        {
            tensors[Scores] = tensor(pairs.Select(pair => table[pair].Scores!.Value)
                .SelectMany(s => new[] { s.ChosenSum, s.ChosenMean, s.RejectedSum, s.RejectedMean }).ToArray());
        }

        Safetensors.Save(FileOf(pairs, precision), tensors);
    }

    private static ReferenceTable Read(string file, IReadOnlyList<EncodedPair> pairs, ReferencePrecision precision)
    {
        using var scope = NewDisposeScope();
        using TensorSource source = Safetensors.Open(file);
        (float[] chosen, float[] rejected) = (Values(Chosen), Values(Rejected));
        float[]? scores = precision == ReferencePrecision.Released ? Values(Scores) : null;
        var table = new ReferenceTable();
        (int nextChosen, int nextRejected) = (0, 0);
        foreach ((int i, EncodedPair pair) in pairs.Index())
        {
            table[pair] = new ReferenceTable.Row(
                chosen.AsSpan(nextChosen, pair.Chosen.ScoredTokens).ToArray(),
                rejected.AsSpan(nextRejected, pair.Rejected.ScoredTokens).ToArray())
            {
                Scores = scores is null ? null : Scored(scores.AsSpan(i * ScoresPerPair, ScoresPerPair)),
            };
            nextChosen += pair.Chosen.ScoredTokens;
            nextRejected += pair.Rejected.ScoredTokens;
        }

        return table;

        static RoundedScores Scored(ReadOnlySpan<float> four) => new(four[0], four[1], four[2], four[3]);

        float[] Values(string name) => MemoryMarshal.Cast<byte, float>(source.Read(name).bytes).ToArray();
    }

    private string FileOf(IReadOnlyList<EncodedPair> pairs, ReferencePrecision precision)
    {
        string computed = precision == ReferencePrecision.SameAsPolicy ? modelHash : $"{modelHash} {precision}";
        return Path.Combine(folder, $"reference-{DataHasher.OfScored(pairs, computed)}.safetensors");
    }
}
