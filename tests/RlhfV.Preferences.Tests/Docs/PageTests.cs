namespace RlhfV.Preferences.Tests.Docs;

/// <summary>Every code block of docs/preference-data.md is a region of <see cref="PreferenceDataPage"/>, to the letter.</summary>
public sealed class PageTests
{
    [Fact]
    public void Page_CodeBlocks_EqualTheCompiledRegions() => SnippetPage.AssertEquals(
        RepositoryFolder.Path("docs", "preference-data.md"), RepositoryFolder.Path("tests", "RlhfV.Preferences.Tests", "Docs", "PreferenceDataPage.cs"));
}
