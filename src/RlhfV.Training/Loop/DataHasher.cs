using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RlhfV.Training.Examples;

namespace RlhfV.Training.Loop;

/// <summary>Hashes of encoded examples: token ids, roles and pixels, which is all that training sees of them.</summary>
internal static class DataHasher
{
    /// <summary>Hash of pairs with the roles of their tokens.</summary>
    public static string Of(IEnumerable<EncodedPair> pairs) => Hash(hash =>
    {
        foreach (EncodedPair pair in pairs)
        {
            Add(hash, pair.Chosen, role => (byte)role);
            Add(hash, pair.Rejected, role => (byte)role);
            Add(hash, pair.Pictures);
        }
    });

    /// <summary>Hash of instructions.</summary>
    public static string Of(IEnumerable<EncodedInstruction> instructions) => Hash(hash =>
    {
        foreach (EncodedInstruction instruction in instructions)
        {
            Add(hash, instruction.Sequence, role => (byte)role);
            Add(hash, instruction.Pictures);
        }
    });

    /// <summary>
    /// Hash of what decides the log-probabilities of scored tokens: weights, ids, pixels; not which tokens were corrected.
    /// </summary>
    public static string OfScored(IEnumerable<EncodedPair> pairs, string modelHash) => Hash(hash =>
    {
        Add(hash, modelHash);
        foreach (EncodedPair pair in pairs)
        {
            Add(hash, pair.Chosen, role => (byte)(role == TokenRole.Unscored ? 0 : 1));
            Add(hash, pair.Rejected, role => (byte)(role == TokenRole.Unscored ? 0 : 1));
            Add(hash, pair.Pictures);
        }
    });

    private static string Hash(Action<IncrementalHash> fill)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        fill(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, EncodedSequence sequence, Func<TokenRole, byte> roleOf)
    {
        int[] ids = [sequence.Length, .. sequence.Ids];
        hash.AppendData(MemoryMarshal.AsBytes<int>(ids));
        hash.AppendData([.. sequence.Roles.Select(roleOf)]);
    }

    private static void Add(IncrementalHash hash, IReadOnlyList<ExamplePicture> pictures)
    {
        Add(hash, $"{pictures.Count}");
        foreach (ExamplePicture picture in pictures)
        {
            Add(hash, picture.Key);
        }
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
