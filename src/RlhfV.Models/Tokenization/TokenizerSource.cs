namespace RlhfV.Models.Tokenization;

/// <summary>Which of a folder's files decides how text becomes tokens.</summary>
public enum TokenizerSource
{
    /// <summary><c>tokenizer.json</c> where it exists, else <c>tokenizer.model</c>.</summary>
    Automatic,

    /// <summary><c>tokenizer.json</c>, taken literally (what Python calls the fast tokenizer).</summary>
    TokenizerJson,

    /// <summary>
    /// <c>tokenizer.model</c> with the rules of Python's slow Llama tokenizer, which differ around added tokens: the RLHF-V checkpoints
    /// were trained with them.
    /// </summary>
    SentencePiece,
}
