namespace RlhfV.Evaluation.Tests;

public sealed class ScriptTextTests
{
    [Theory]
    [InlineData("\u001C a\u001Fb \u00A0", "a\u001Fb")]
    [InlineData("\u200Ba\uFEFF", "\u200Ba\uFEFF")] // Neither is white space.
    [InlineData(" \u0085\u3000", "")]
    public void Trim_WhiteSpaceOfTheScripts(string text, string trimmed) => Assert.Equal(trimmed, ScriptText.Trim(text));

    [Fact]
    public void Words_SeparatedByAnyWhiteSpace() =>
        Assert.Equal(["a", "b", "c\u200Bd"], ScriptText.Words("\u001Ea\u001D\u2028b\r\nc\u200Bd\u000B"));

    [Theory]
    [InlineData("\u0130I", "i\u0307i")]
    [InlineData("\u03A3", "\u03C3")] // Alone it ends no word.
    [InlineData("A\u03A3 \u03A3A", "a\u03C2 \u03C3a")]
    [InlineData("A\u03A3.B", "a\u03C3.b")]
    [InlineData("A\u0301\u03A3\u0301", "a\u0301\u03C2\u0301")]
    [InlineData("1\u03A3", "1\u03C3")]
    [InlineData("A\u03A31", "a\u03C21")]
    [InlineData("\U00010400", "\U00010428")]
    public void Lower_AsTheScriptsLowerIt(string text, string lower) => Assert.Equal(lower, ScriptText.Lower(text));

    [Theory]
    [InlineData(" 1_000.5_0 ", 1000.5)]
    [InlineData("+.5e-1", 0.05)]
    [InlineData("\u0663.\uFF15", 3.5)]
    [InlineData("-iNfInItY", double.NegativeInfinity)]
    [InlineData("+nan", double.NaN)]
    public void TryNumber_WhatTheScriptsTakeForOne(string text, double number)
    {
        Assert.True(ScriptText.TryNumber(text, out double read));
        Assert.Equal(number, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("_1")]
    [InlineData("1_")]
    [InlineData("1__0")]
    [InlineData("1._5")]
    [InlineData("0x8")]
    [InlineData("8\0")]
    [InlineData("\u221E")]
    [InlineData("nane1")]
    [InlineData("\u001C8")]
    [InlineData("1,5")]
    public void TryNumber_AnythingElse_IsNone(string text) => Assert.False(ScriptText.TryNumber(text, out _));
}
