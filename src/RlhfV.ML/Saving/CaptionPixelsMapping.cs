using Microsoft.ML.Transforms;

namespace RlhfV.ML.Saving;

/// <summary>Answers rows whose picture is decoded.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class CaptionPixelsMapping : CaptionMapping<CarriedPixels>
{
    public const string Contract = "RlhfV.Caption.Pixels.v1";
}
