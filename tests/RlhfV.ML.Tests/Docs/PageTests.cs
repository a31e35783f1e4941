using System.Text.RegularExpressions;

namespace RlhfV.ML.Tests.Docs;

/// <summary>Every code block of docs/mlnet.md is a region of <see cref="MlNetPage"/>, to the letter.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Page_CodeBlocks_EqualTheCompiledRegions()
    {
        string repository = FindRepository();
        string page = File.ReadAllText(Path.Combine(repository, "docs", "mlnet.md")).ReplaceLineEndings("\n");
        string source = File.ReadAllText(Path.Combine(repository, "tests", "RlhfV.ML.Tests", "Docs", "MlNetPage.cs"));
        Dictionary<string, string> regions = Region().Matches(source.ReplaceLineEndings("\n"))
            .ToDictionary(match => match.Groups["name"].Value, match => Unindent(match.Groups["code"].Value));
        Match[] blocks = Block().Matches(page).ToArray();

        Assert.Equal(CodeBlock().Count(page), blocks.Length); // no block without a name
        Assert.Equal(regions.Keys.Order(), blocks.Select(block => block.Groups["name"].Value).Order());
        Assert.All(blocks, block => Assert.Equal(regions[block.Groups["name"].Value], block.Groups["code"].Value));
    }

    [GeneratedRegex(@"#region (?<name>[\w-]+)\n(?<code>.*?)\n *#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"<!-- snippet: (?<name>[\w-]+) -->\n```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^```csharp", RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    private static string Unindent(string code)
    {
        string[] lines = code.Split('\n');
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line));
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RLHF-V.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No RLHF-V.sln above '{AppContext.BaseDirectory}'.");
    }
}
