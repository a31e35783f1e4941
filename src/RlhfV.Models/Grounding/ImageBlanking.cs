namespace RlhfV.Models.Grounding;

/// <summary>What a model is shown in place of a picture to find out what it would say without it.</summary>
public enum ImageBlanking
{
    /// <summary>
    /// Image features of zero in front of the decoder: nothing is seen. The tower runs once, and of what was tried this tells hallucinated
    /// segments apart best.
    /// </summary>
    ZeroFeatures,

    /// <summary>
    /// A picture of one colour: the mean of the preprocessed picture, channel by channel. Brightness and tint stay, everything that is drawn
    /// goes. The tower sees a picture as it knows them, and a model may well describe an empty scene.
    /// </summary>
    MeanColor,
}
