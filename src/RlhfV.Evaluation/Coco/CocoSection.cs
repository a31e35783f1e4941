namespace RlhfV.Evaluation;

/// <summary>The arrays of a COCO file that are read.</summary>
internal enum CocoSection
{
    None,
    Images,
    Annotations,
    Categories,
}
