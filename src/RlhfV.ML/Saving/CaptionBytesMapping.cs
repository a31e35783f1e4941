using Microsoft.ML.Transforms;

namespace RlhfV.ML.Saving;

/// <summary>Answers rows whose picture is encoded.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class CaptionBytesMapping : CaptionMapping<CarriedBytes>
{
    public const string Contract = "RlhfV.Caption.Bytes.v1";
}
