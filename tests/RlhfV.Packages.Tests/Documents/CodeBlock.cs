using System.Text.RegularExpressions;

namespace RlhfV.Packages.Tests.Documents;

/// <summary>
/// A C# example of a document: usings first, then statements, which may use <c>args</c> and <c>await</c>, then types. What a reader does
/// not need to see, such as where a variable comes from, stands in a comment <c>given</c> above it. Blocks under a comment
/// <c>snippet: NAME</c> are left out: their package's tests hold them to compiled sources.
/// </summary>
/// <param name="File">Path of the document from the repository's root.</param>
/// <param name="Line">Number of its first line, from 1.</param>
/// <param name="Code">The example.</param>
/// <param name="Given">Usings and statements that come before it; empty for none.</param>
internal sealed partial record CodeBlock(string File, int Line, string Code, string Given)
{
    /// <summary>A name for file and class.</summary>
    public string Name => $"{NotInNames.Replace(File, "_")}_{Line}";

    /// <summary>The examples of everything that people read first: readme, docs, readmes of the packages.</summary>
    public static IEnumerable<CodeBlock> OfAllDocuments() =>
        new[] { "docs", "nuget/readmes" }
            .SelectMany(folder => Directory.GetFiles(RepositoryFolder.Path(folder), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(RepositoryFolder.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Prepend("README.md")
            .SelectMany(Of);

    /// <summary>The examples of a document, in order.</summary>
    /// <param name="file">Path of the document from the repository's root.</param>
    public static IEnumerable<CodeBlock> Of(string file)
    {
        string text = System.IO.File.ReadAllText(RepositoryFolder.Path(file)).ReplaceLineEndings("\n");
        foreach (Match match in Fence.Matches(text))
        {
            Group code = match.Groups["code"];
            yield return new(file, text.AsSpan(0, code.Index).Count('\n') + 1, code.Value, match.Groups["given"].Value);
        }
    }

    /// <summary>The example as a class, whose compiler messages point into the document.</summary>
    public string ToClass()
    {
        string[] given = Given.Split('\n');
        string[] lines = Code.Split('\n');
        int statements = Math.Max(0, Array.FindIndex(lines, l => l.Length > 0 && !Using.IsMatch(l)));
        int types = Array.FindIndex(lines, statements, TypeStart.IsMatch);
        types = types < 0 ? lines.Length : types;
        return $$"""
            {{Join(given.Where(l => Using.IsMatch(l)))}}
            {{Located(0, statements)}}
            namespace Documents.{{Name}};
            internal static class Example
            {
                public static async Task Run(string[] args)
                {
                    {{Join(given.Where(l => !Using.IsMatch(l)))}}
            {{Located(statements, types)}}
                }
            }
            {{Located(types, lines.Length)}}
            """;

        string Located(int from, int to) => $"#line {Line + from} \"{RepositoryFolder.Path(File)}\"\n{Join(lines[from..to])}\n#line default";
    }

    private static string Join(IEnumerable<string> lines) => string.Join('\n', lines);

    [GeneratedRegex("[^A-Za-z]+")]
    private static partial Regex NotInNames { get; }

    [GeneratedRegex(
        @"(?<!<!-- snippet: [^\n]*\n)" + @"(^<!-- given\n(?<given>((?!-->).)*)-->\n)?" + @"^```csharp\n(?<code>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence { get; }

    [GeneratedRegex(@"^using (static )?[\w.]+;$")]
    private static partial Regex Using { get; }

    [GeneratedRegex(@"^(\[|((public|internal|sealed|abstract|static|partial|readonly) )*(class|record|struct|enum|interface) )")]
    private static partial Regex TypeStart { get; }
}
