using RlhfV.Models.Generation;

namespace RlhfV.Models.Tests.Generation;

public sealed class AnswerPrefixFilterTests
{
    [Fact]
    public void Append_PrefixInPieces_IsTakenOff()
    {
        var filter = new AnswerPrefixFilter("Assistant:");
        Assert.Equal(string.Empty, filter.Append(" Assist"));
        Assert.Equal(string.Empty, filter.Append("ant"));
        Assert.Equal(" A cat", filter.Append(": A cat"));
        Assert.Equal(" Assistant: again", filter.Append(" Assistant: again"));
        Assert.Equal(string.Empty, filter.Flush());
    }

    [Fact]
    public void Append_OtherText_ComesWhole()
    {
        var filter = new AnswerPrefixFilter("Assistant:");
        Assert.Equal(string.Empty, filter.Append(" Ass"));
        Assert.Equal(" Assume", filter.Append("ume"));
        Assert.Equal(" that", filter.Append(" that"));
    }

    [Fact]
    public void Flush_PartOfThePrefix_ComesBack()
    {
        var filter = new AnswerPrefixFilter("Assistant:");
        Assert.Equal(string.Empty, filter.Append(" Assist"));
        Assert.Equal(" Assist", filter.Flush());
    }

    [Fact]
    public void Append_NoPrefix_HoldsNothingBack() => Assert.Equal(" ", new AnswerPrefixFilter(string.Empty).Append(" "));
}
