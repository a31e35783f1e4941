namespace RlhfV.Training.Augmentation;

/// <summary>
/// An operation on pictures as RandAugment has them (arXiv 1909.13719). The first eight change colours and leave every object in its
/// place; the others move objects or may take them out of the picture.
/// </summary>
public enum PictureOperation
{
    /// <summary>Brighter or darker: levels times a factor.</summary>
    Brightness,

    /// <summary>More or less contrast: distances from the picture's mean luma times a factor.</summary>
    Contrast,

    /// <summary>More or less colourful: distances from each pixel's luma times a factor.</summary>
    Colour,

    /// <summary>Sharper or softer: distances from a smoothed picture times a factor.</summary>
    Sharpness,

    /// <summary>Fewer levels: the low bits of each are cleared.</summary>
    Posterize,

    /// <summary>Levels from a threshold on are inverted.</summary>
    Solarize,

    /// <summary>Levels are spread so that all occur about equally often, channel by channel.</summary>
    Equalize,

    /// <summary>Levels are stretched over the whole range, channel by channel.</summary>
    AutoContrast,

    /// <summary>Turned about the middle.</summary>
    Rotate,

    /// <summary>Rows shifted in proportion to their height.</summary>
    ShearX,

    /// <summary>Columns shifted in proportion to their place.</summary>
    ShearY,

    /// <summary>Shifted sideways.</summary>
    TranslateX,

    /// <summary>Shifted up or down.</summary>
    TranslateY,

    /// <summary>A grey square over a part of the picture.</summary>
    Cutout,
}
