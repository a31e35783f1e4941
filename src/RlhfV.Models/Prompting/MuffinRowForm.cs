namespace RlhfV.Models;

/// <summary>The two forms in which the official Muffin and RLHF-V code writes a training row.</summary>
public enum MuffinRowForm
{
    /// <summary><c>### Human:</c> and <c>### Assistant:</c>, padded with <c>[PAD]</c>: what the released script trains with.</summary>
    V0,

    /// <summary><c>USER:</c>, <c>ASSISTANT:</c> and <c>&lt;/s&gt;</c> (<c>vicuna_v1_1</c>), padded with <c>&lt;unk&gt;</c>.</summary>
    V1,
}
