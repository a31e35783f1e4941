using RlhfV.Models.Generation;

namespace RlhfV.Models.Tests.Generation;

public sealed class StopTextFilterTests
{
    [Fact]
    public void Append_StopTextAcrossPieces_CutsBeforeIt()
    {
        var filter = new StopTextFilter(["###"]);
        Assert.Equal("a cup ", filter.Append("a cup "));
        Assert.Equal("on", filter.Append("on#"));
        Assert.Equal(string.Empty, filter.Append("#"));
        Assert.Equal(string.Empty, filter.Append("# more"));
        Assert.True(filter.Stopped);
        Assert.Equal(string.Empty, filter.Append("later"));
    }

    [Fact]
    public void Append_PartThatBecomesNoStop_ComesLater()
    {
        var filter = new StopTextFilter(["##!"]);
        Assert.Equal("x", filter.Append("x##"));
        Assert.Equal("##y", filter.Append("y"));
        Assert.False(filter.Stopped);
    }

    [Fact]
    public void Flush_GivesWhatWasHeldBack()
    {
        var filter = new StopTextFilter(["STOP"]);
        Assert.Equal("end ", filter.Append("end STO"));
        Assert.Equal("STO", filter.Flush());
    }

    [Fact]
    public void Append_SeveralStops_CutsAtTheFirst()
    {
        var filter = new StopTextFilter(["two", "one"]);
        Assert.Equal("a ", filter.Append("a one two"));
        Assert.True(filter.Stopped);
    }
}
