namespace RlhfV.Training.Augmentation;

/// <summary>What happens when an augmentation could make an answer about a picture untrue.</summary>
public enum ObjectChanges
{
    /// <summary>
    /// It is refused: the answer would praise what is not to be seen, which is the hallucination that training is to remove (RLHF-V,
    /// CVPR 2024, section 4.1: no random cropping).
    /// </summary>
    Refuse,

    /// <summary>It is done: for pictures whose texts say nothing of what stands where, or to reproduce a recipe that does it.</summary>
    Allow,
}
