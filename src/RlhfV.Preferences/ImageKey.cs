using System.Security.Cryptography;
using System.Text;

namespace RlhfV.Preferences;

/// <summary>Tells pictures apart: by content where bytes are at hand, else by path.</summary>
internal static class ImageKey
{
    public static string Of(PreferenceImage image) => image.Bytes is { } bytes
        ? Convert.ToHexStringLower(SHA256.HashData(bytes.Span))
        : $"path:{image.Path}";

    /// <summary>A number from 0 up to 1 that depends on nothing but a text and a seed, on every machine.</summary>
    public static double ToUnit(string text, int seed)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}:{text}")), hash);
        ulong high = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11;
        return high / (double)(1UL << 53);
    }
}
