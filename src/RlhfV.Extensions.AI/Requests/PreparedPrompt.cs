using RlhfV.Models;

namespace RlhfV.Extensions.AI.Requests;

/// <summary>A prompt as the network reads it, and the names under which its pictures' features are remembered.</summary>
/// <param name="Encoded">Token ids and preprocessed pictures.</param>
/// <param name="ImageHashes">Content hashes of the pictures, in order.</param>
internal sealed record PreparedPrompt(EncodedPrompt Encoded, IReadOnlyList<string> ImageHashes);
