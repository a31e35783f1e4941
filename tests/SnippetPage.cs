using System.Text.RegularExpressions;

/// <summary>
/// A page of the documentation whose code blocks are regions of a compiled and tested source file, to the letter: a block has the region's
/// name in a comment before it.
/// </summary>
internal static partial class SnippetPage
{
    /// <summary>Asserts that page and source hold the same blocks.</summary>
    /// <param name="page">Path of the page.</param>
    /// <param name="source">Path of the source.</param>
    public static void AssertEquals(string page, string source)
    {
        string text = File.ReadAllText(page).ReplaceLineEndings("\n");
        Dictionary<string, string> regions = Region().Matches(File.ReadAllText(source).ReplaceLineEndings("\n"))
            .ToDictionary(match => match.Groups["name"].Value, match => Unindent(match.Groups["code"].Value));
        Match[] blocks = Block().Matches(text).ToArray();

        Assert.NotEmpty(blocks);
        Assert.Equal(CodeBlock().Count(text), blocks.Length); // no block without a name
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
}
