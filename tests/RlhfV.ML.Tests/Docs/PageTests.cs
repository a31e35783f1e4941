namespace RlhfV.ML.Tests.Docs;

/// <summary>Every code block of docs/mlnet.md is a region of <see cref="MlNetPage"/>, to the letter.</summary>
public sealed class PageTests
{
    [Fact]
    public void Page_CodeBlocks_EqualTheCompiledRegions() => SnippetPage.AssertEquals(
        RepositoryFolder.Path("docs", "mlnet.md"), RepositoryFolder.Path("tests", "RlhfV.ML.Tests", "Docs", "MlNetPage.cs"));
}
