namespace RlhfV.Evaluation.Tests;

public sealed class ExampleSelectionTests
{
    [Fact]
    public void Choose_AllKindsPresent_ShowsFailuresToo()
    {
        IReadOnlyList<ReportExample> examples = Choose(20, (40, 2, 0), (40, 0, 1), (40, 1, 1), (40, 0, 0));
        Assert.Equal([12, 3, 3, 2], Counts(examples));
    }

    [Fact]
    public void Choose_KindTooSmall_OthersTakeItsPlaces()
    {
        IReadOnlyList<ReportExample> examples = Choose(20, (4, 1, 0), (0, 0, 1), (30, 2, 2), (1, 0, 0));
        Assert.Equal([4, 0, 15, 1], Counts(examples));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(33)]
    public void Choose_AnyNumber_GivesThatManyDistinctItems(int count)
    {
        IReadOnlyList<ReportExample> examples = Choose(count, (10, 2, 0), (10, 0, 1), (10, 1, 1), (10, 0, 0));
        Assert.Equal(count, examples.Select(e => e.Base.Id).Distinct().Count());
    }

    [Fact]
    public void Choose_MoreThanThereAre_GivesAll() => Assert.Equal(3, Choose(20, (3, 1, 0)).Count);

    [Fact]
    public void Choose_WithinAKind_SpreadsOverTheData() =>
        Assert.Equal(["5", "16", "27", "38", "50", "61", "72", "83", "94"], Choose(9, (100, 1, 0)).Select(e => e.Base.Id));

    [Fact]
    public void Choose_Failures_TheWorstFirst() =>
        Assert.Equal(
            ["60", "61", "0"],
            Choose(20, (50, 1, 2), (10, 1, 0), (2, 1, 4)).Where(e => e.Kind == ExampleKind.Worse).Take(3).Select(e => e.Base.Id));

    private static int[] Counts(IReadOnlyList<ReportExample> examples) =>
        [.. Enum.GetValues<ExampleKind>().Select(kind => examples.Count(e => e.Kind == kind))];

    private static IReadOnlyList<ReportExample> Choose(int count, params (int Items, int Before, int After)[] groups)
    {
        (int Before, int After)[] items = [.. groups.SelectMany(g => Enumerable.Repeat((g.Before, g.After), g.Items))];
        return ExampleSelection.Choose(
            [.. items.Select((item, i) => Assessments.Wrong($"{i}", item.Before))],
            [.. items.Select((item, i) => Assessments.Wrong($"{i}", item.After))], count);
    }
}
