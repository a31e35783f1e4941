namespace RlhfV.Models.Generation;

/// <summary>How long an answer to a prompt may become, and whether there can be one.</summary>
internal static class PromptRoom
{
    /// <summary>The smaller of what is asked for and what the model has room for.</summary>
    /// <param name="network">The network.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="options">Decoding options.</param>
    /// <exception cref="ArgumentException">The prompt leaves no room for an answer, or the options leave no token to choose.</exception>
    public static int For(VisionLanguageNetwork network, EncodedPrompt prompt, GenerationOptions options)
    {
        long vocabulary = network.DecoderConfig.VocabularySize;
        if (options.SuppressedTokens.Count >= vocabulary && options.SuppressedTokens.Where(id => id < vocabulary).Distinct().Count() == vocabulary)
        {
            throw new ArgumentException(
                $"All {vocabulary} tokens of the model are suppressed. Leave some to choose from out of "
                + $"{nameof(GenerationOptions)}.{nameof(GenerationOptions.SuppressedTokens)}.", nameof(options));
        }

        int most = network.DecoderConfig.MaxPositions;
        int tokens = prompt.Ids.Count;
        return tokens < most
            ? Math.Min(options.MaxNewTokens, most - tokens)
            : throw new ArgumentException(
                $"The prompt has {tokens} tokens (image tokens included); the model has room for {most - 1} and an answer. "
                + "Use fewer or smaller pictures, or a shorter text.", nameof(prompt));
    }
}
