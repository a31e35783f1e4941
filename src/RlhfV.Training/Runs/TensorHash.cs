using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace RlhfV.Training.Runs;

/// <summary>SHA-256 of tensors: names, types, sizes and elements.</summary>
internal static class TensorHash
{
    private const long Piece = 1 << 24;

    /// <summary>The hash of tensors in the order in which they come, in lower-case hexadecimal.</summary>
    public static string Of(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using IDisposable quiet = no_grad();
        foreach ((string name, Tensor tensor) in tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {tensor.dtype} {string.Join('x', tensor.shape)}\n"));
            using var scope = NewDisposeScope();
            Tensor flat = tensor.detach().contiguous().view(-1);
            for (long start = 0; start < flat.shape[0]; start += Piece)
            {
                using Tensor part = flat.narrow(0, start, Math.Min(Piece, flat.shape[0] - start)).cpu();
                hash.AppendData(part.bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
