namespace RlhfV.Evaluation;

/// <summary>An item that a report shows with both answers.</summary>
internal sealed record ReportExample(ResponseAssessment Base, ResponseAssessment Aligned)
{
    public ExampleKind Kind => Aligned.Segments.Count.CompareTo(Base.Segments.Count) switch
    {
        < 0 => ExampleKind.Improved,
        > 0 => ExampleKind.Worse,
        _ => Base.IsHallucinated ? ExampleKind.Unchanged : ExampleKind.Faithful,
    };
}
