namespace RlhfV.Evaluation.Tests;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("<script>alert(\"1\" & '2')</script>", "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;")]
    [InlineData("a\0b\u0007c", "a\uFFFDb\uFFFDc")]
    [InlineData("line\r\nbreak", "line\nbreak")]
    [InlineData("caf\u00E9 \U0001F415", "caf\u00E9 \U0001F415")]
    public void Escape_HostileOrOdd_ReadsAsText(string text, string expected) => Assert.Equal(expected, HtmlText.Escape(text));

    [Fact]
    public void Escape_LoneSurrogate_IsReplaced() => Assert.Equal("\uFFFDx", HtmlText.Escape("\uD83Dx"));
}
