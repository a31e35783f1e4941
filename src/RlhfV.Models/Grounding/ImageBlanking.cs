namespace RlhfV.Models.Grounding;

/// <summary>What a model is shown in place of a picture to find out what it would say without it.</summary>
public enum ImageBlanking
{
    /// <summary>
    /// Image features of zero in front of the decoder: nothing is seen. The tower runs once. Over all types of hallucination it tells them apart
    /// better (measured in the documentation).
    /// </summary>
    ZeroFeatures,

    /// <summary>
    /// A picture of one colour: the mean of the preprocessed picture, channel by channel. Brightness and tint stay, everything that is drawn
    /// goes. The tower sees a picture as it knows them. It tells invented objects apart better.
    /// </summary>
    MeanColor,
}
