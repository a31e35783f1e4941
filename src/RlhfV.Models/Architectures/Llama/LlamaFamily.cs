using RlhfV.Models.Images;
using RlhfV.Models.Tokenization;

namespace RlhfV.Models.Architectures.Llama;

/// <summary>Llama without pictures: the decoder of other families by itself, and a judge for their answers.</summary>
internal static class LlamaFamily
{
    public static ModelFamily Instance { get; } = new(
        "llama",
        config => new LlamaNetwork(LlamaConfigReader.Read(config, config)),
        CreateProcessor,
        name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) ? null : name);

    private static VisionLanguageProcessor CreateProcessor(ModelParts parts)
    {
        TextTokenizer tokenizer = TextTokenizer.Load(parts.Folder);
        (ChatTemplate template, string end) = tokenizer.TokenId("<|start_header_id|>") is null
            ? (ChatTemplate.VicunaV1, "</s>")
            : (ChatTemplate.Llama3, "<|eot_id|>");

        // No prompt can hold a picture, so the mark and its placeholder are never used; the mark is no text that somebody writes.
        return new VisionLanguageProcessor(tokenizer, new NoImageProcessor(), template, "\uFFFE", _ => string.Empty, end);
    }
}
