using Microsoft.ML.Transforms;

namespace RlhfV.ML.Saving;

/// <summary>Answers rows whose picture is in a file.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class CaptionPathMapping : CaptionMapping<CarriedPath>
{
    public const string Contract = "RlhfV.Caption.Path.v1";
}
