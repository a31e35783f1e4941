using System.Runtime.InteropServices;
using RlhfV.Models.Images;

namespace RlhfV.Models.Generation;

/// <summary>
/// The seed of one sequence's sampling, from the caller's seed and what is asked. The same question about the same picture gets the same draws in any
/// batch, process and front end; different ones get different draws, so that rates measured over many answers are not tied to one run of luck.
/// </summary>
internal static class PromptSeed
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Mixes seed, token ids and pixels (FNV-1a over 32-bit words).</summary>
    /// <param name="seed">The caller's seed.</param>
    /// <param name="prompt">What is asked.</param>
    public static int Of(int seed, EncodedPrompt prompt)
    {
        ulong hash = (Offset ^ (uint)seed) * Prime;
        foreach (int id in prompt.Ids)
        {
            hash = (hash ^ (uint)id) * Prime;
        }

        foreach (ProcessedImage image in prompt.Images)
        {
            foreach (uint word in MemoryMarshal.Cast<float, uint>(image.Values))
            {
                hash = (hash ^ word) * Prime;
            }
        }

        return (int)(hash ^ (hash >> 32));
    }
}
