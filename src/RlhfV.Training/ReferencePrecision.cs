namespace RlhfV.Training;

/// <summary>In which arithmetic the reference's log-probabilities are computed.</summary>
public enum ReferencePrecision
{
    /// <summary>
    /// As the policy's: the model in its own type, log-softmax and sums in fp32. A reward compares like with like, and the first step's is
    /// zero up to rounding.
    /// </summary>
    SameAsPolicy,

    /// <summary>
    /// As in the released code (thunlp/Muffin, <c>muffin/eval/muffin_inference_logp.py</c>): weights and arithmetic in bf16, pictures rounded
    /// to fp16, log-softmax in bf16, one row at a time. Tokens' log-probabilities keep three digits, and their sum rounds to bf16 as well, in
    /// steps of 1 from 128 nat on, 2 from 256, 4 from 512. The objective sums the tokens' values in fp32; only with
    /// <see cref="DenseDpoOptions.Gamma"/> 1, where the released code weighs no tokens, it takes the rounded sums, or the means of them.
    /// </summary>
    /// <remarks>
    /// A model in another type is copied for the pass, which takes 2 bytes per parameter until the first step, less than the optimizer's
    /// states do afterwards; the model's own weights are not touched. Both answers pass the network whole and alone, about twice the
    /// arithmetic of a packed pair, once per run.
    /// </remarks>
    Released,
}
