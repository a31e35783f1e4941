using System.Text;
using System.Text.RegularExpressions;
using RlhfV.Packages.Tests.Support;

namespace RlhfV.Packages.Tests.Documents;

/// <summary>
/// A C# example of a document. Each is complete: usings first, then statements, which may use <c>args</c> and <c>await</c>, then types.
/// Blocks under a comment <c>snippet: NAME</c> are no examples in this sense: their package's tests hold them to compiled sources.
/// </summary>
/// <param name="File">Path of the document from the repository's root.</param>
/// <param name="Line">Number of its first line, from 1.</param>
/// <param name="Code">The example.</param>
internal sealed partial record CodeBlock(string File, int Line, string Code)
{
    /// <summary>A name for file and class.</summary>
    public string Name => $"{NotInNames.Replace(File, "_")}_{Line}";

    /// <summary>The examples of everything that people read first: readme, docs, readmes of the packages.</summary>
    public static IEnumerable<CodeBlock> OfAllDocuments() =>
        new[] { "docs", "nuget/readmes" }
            .SelectMany(folder => Directory.GetFiles(Repository.Path(folder), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)
            .Prepend("README.md")
            .SelectMany(Of);

    /// <summary>The examples of a document, in order.</summary>
    /// <param name="file">Path of the document from the repository's root.</param>
    public static IEnumerable<CodeBlock> Of(string file)
    {
        string text = System.IO.File.ReadAllText(Repository.Path(file)).ReplaceLineEndings("\n");
        foreach (Match match in Fence.Matches(text))
            yield return new(file, text.AsSpan(0, match.Groups["code"].Index).Count('\n') + 1, match.Groups["code"].Value);
    }

    /// <summary>The example as a class, whose compiler messages point into the document.</summary>
    public string ToClass()
    {
        string[] lines = Code.Split('\n');
        int statements = Array.FindIndex(lines, l => l.Length > 0 && !Using.IsMatch(l));
        int types = Array.FindIndex(lines, statements, TypeStart.IsMatch);
        types = types < 0 ? lines.Length : types;
        var text = new StringBuilder();
        Append(0, statements);
        text.AppendLine($$"""
            namespace Documents.{{Name}};
            internal static class Example
            {
                public static async Task Run(string[] args)
                {
            """);
        Append(statements, types);
        text.AppendLine("    }").AppendLine("}");
        Append(types, lines.Length);
        return text.ToString();

        void Append(int from, int to)
        {
            text.AppendLine($"#line {Line + from} \"{Repository.Path(File)}\"").AppendJoin('\n', lines[from..to]).AppendLine().AppendLine("#line default");
        }
    }

    [GeneratedRegex("[^A-Za-z]+")]
    private static partial Regex NotInNames { get; }

    [GeneratedRegex(@"(?<!<!-- snippet: [^\n]*\n)^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence { get; }

    [GeneratedRegex(@"^using (static )?[\w.]+;$")]
    private static partial Regex Using { get; }

    [GeneratedRegex(@"^(\[|((public|internal|sealed|abstract|static|partial|readonly) )*(class|record|struct|enum|interface) )")]
    private static partial Regex TypeStart { get; }
}
