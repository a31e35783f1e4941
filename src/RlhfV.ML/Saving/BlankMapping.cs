using Microsoft.ML.Transforms;
using RlhfV.ML.Columns;

namespace RlhfV.ML.Saving;

/// <summary>Adds an empty text, because ML.NET's expressions, which carry the manifest, need a column to begin with and pictures are none to them.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class BlankMapping : CustomMappingFactory<EmptyRow, BlankRow>
{
    public const string Contract = "RlhfV.Blank.v1";

    public override Action<EmptyRow, BlankRow> GetMapping() => Map;

    public static void Map(EmptyRow source, BlankRow target) => target.Text = "";
}
