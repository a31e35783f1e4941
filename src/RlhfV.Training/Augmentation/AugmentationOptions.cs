using System.ComponentModel.DataAnnotations;

namespace RlhfV.Training.Augmentation;

/// <summary>
/// Random changes of pictures in training. Every picture has its own changes in every epoch, decided by the run's seed, and equal seeds
/// give equal pictures. Held-out examples are scored on their pictures as they are.
/// </summary>
/// <remarks>
/// A new object holds what can be trusted: changes of colour, which leave every object where it is. Whatever can move an object or take it
/// out of the picture is refused for pictures that answers describe, unless <see cref="ObjectChanges"/> allows it.
/// </remarks>
public sealed class AugmentationOptions
{
    /// <summary>The operations that change colours only.</summary>
    public static IReadOnlyList<PictureOperation> Photometric { get; } =
    [
        PictureOperation.Brightness, PictureOperation.Contrast, PictureOperation.Colour, PictureOperation.Sharpness,
        PictureOperation.Posterize, PictureOperation.Solarize, PictureOperation.Equalize, PictureOperation.AutoContrast,
    ];

    /// <summary>
    /// The training transform of the released code (thunlp/Muffin): crops of half the picture and more, mirrored half of the time, then two
    /// operations of RandAugment at level 7, some of which move objects; the reference sees another view than the policy.
    /// </summary>
    public static AugmentationOptions Released => new()
    {
        Operations =
        [
            PictureOperation.AutoContrast, PictureOperation.Equalize, PictureOperation.Brightness, PictureOperation.Sharpness,
            PictureOperation.ShearX, PictureOperation.ShearY, PictureOperation.TranslateX, PictureOperation.TranslateY, PictureOperation.Rotate,
        ],
        OneDirection = true,
        SmallestCrop = 0.5,
        FlipProbability = 0.5,
        ObjectChanges = ObjectChanges.Allow,
        Reference = ReferenceView.AnotherView,
    };

    /// <summary>The operations to draw from, besides doing nothing.</summary>
    /// <value>The default value is <see cref="Photometric"/>.</value>
    public IList<PictureOperation> Operations { get; set; } = [.. Photometric];

    /// <summary>How many operations are drawn for a picture, with replacement.</summary>
    /// <value>The default value is 2.</value>
    [Range(0, 16)]
    public int OperationsPerPicture { get; set; } = 2;

    /// <summary>Probability with which a drawn operation is done.</summary>
    /// <value>The default value is 0.5.</value>
    [Range(0.0, 1.0)]
    public double Probability { get; set; } = 0.5;

    /// <summary>Strength of operations, from 0 (least) to 10.</summary>
    /// <value>The default value is 7: factors of 1.36 and 0.64, 3 of 8 bits gone, 21 degrees.</value>
    [Range(0.0, 10.0)]
    public double Level { get; set; } = 7;

    /// <summary>Whether enhancements only ever brighten, sharpen and so on, as in the released code, or as often do the opposite.</summary>
    /// <value>The default value is false: both.</value>
    public bool OneDirection { get; set; }

    /// <summary>
    /// Smallest share of a picture's area that a random crop keeps; the crop is enlarged to the picture's size. Null never crops.
    /// </summary>
    /// <value>The default value is null.</value>
    [Range(0.01, 1.0)]
    public double? SmallestCrop { get; set; }

    /// <summary>Probability with which a picture is mirrored: left becomes right.</summary>
    /// <value>The default value is 0.</value>
    [Range(0.0, 1.0)]
    public double FlipProbability { get; set; }

    /// <summary>What happens when changes could make an answer untrue.</summary>
    /// <value>The default value is <see cref="ObjectChanges.Refuse"/>.</value>
    [EnumDataType(typeof(ObjectChanges))]
    public ObjectChanges ObjectChanges { get; set; }

    /// <summary>
    /// Number of different views of a picture; epochs go through them in turn. Null gives every epoch its own. Few views make the reference pass
    /// and a frozen tower's features affordable.
    /// </summary>
    /// <value>The default value is null.</value>
    [Range(1, int.MaxValue)]
    public int? Views { get; set; }

    /// <summary>Which view reference log-probabilities are of. Without effect on supervised training, which has none.</summary>
    /// <value>The default value is <see cref="ReferenceView.SameAsPolicy"/>.</value>
    [EnumDataType(typeof(ReferenceView))]
    public ReferenceView Reference { get; set; }

    /// <summary>The changes that could make an answer untrue, by name; empty when there is none.</summary>
    internal IReadOnlyList<string> ChangesOfObjects =>
    [
        .. SmallestCrop is null ? [] : (string[])["Crop"],
        .. FlipProbability > 0 ? (string[])["Flip"] : [],
        .. OperationsPerPicture == 0 || Probability == 0 ? [] : Operations.Except(Photometric).Select(operation => operation.ToString()),
    ];

    /// <summary>A copy that later changes do not reach.</summary>
    internal AugmentationOptions Copy()
    {
        var copy = (AugmentationOptions)MemberwiseClone();
        copy.Operations = [.. Operations];
        return copy;
    }

    /// <summary>What is wrong with the options.</summary>
    internal IEnumerable<string> Mistakes()
    {
        foreach (string mistake in OptionsChecks.Annotations(this))
        {
            yield return $"Augmentation: {mistake}";
        }

        if (Operations is null || Operations.Any(operation => !Enum.IsDefined(operation)))
        {
            yield return $"Augmentation: {nameof(Operations)} is null or holds an unknown operation; "
                + $"expected some of {string.Join(", ", Enum.GetNames<PictureOperation>())}.";
            yield break;
        }

        if ((Operations.Count == 0 || OperationsPerPicture == 0 || Probability == 0) && SmallestCrop is null && FlipProbability == 0)
        {
            yield return "Augmentation: it changes nothing; use null for no augmentation.";
        }
    }
}
