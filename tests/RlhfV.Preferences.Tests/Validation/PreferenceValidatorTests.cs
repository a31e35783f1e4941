using System.Text.Json;

namespace RlhfV.Preferences.Tests.Validation;

public sealed class PreferenceValidatorTests
{
    private static readonly PreferenceExample Good = Samples.Example() with
    {
        Segments = [],
        Chosen = "In the picture there is one red cup on the table.",
        Rejected = "In the picture there is one blue cup on the table.",
    };

    public static TheoryData<string, string> Faults => new()
    {
        { nameof(ValidationRule.NoPicture), "image" },
        { nameof(ValidationRule.EmptyPrompt), "prompt" },
        { nameof(ValidationRule.EqualAnswers), "chosen" },
        { nameof(ValidationRule.DuplicateId), "id" },
        { nameof(ValidationRule.Rewritten), "chosen" },
        { nameof(ValidationRule.IncompleteSegments), "segments" },
        { nameof(ValidationRule.Markup), "rejected" },
        { nameof(ValidationRule.LostCharacters), "prompt" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Validate_OneFault_NamesRowColumnAndRule(string rule, string column)
    {
        using var folder = new TemporaryFolder();
        PreferenceFile.Write(folder.File("data.jsonl"), [Good, Faulty(Enum.Parse<ValidationRule>(rule))]);

        ValidationReport report = PreferenceValidator.Validate(folder.File("data.jsonl"));

        ValidationProblem problem = Assert.Single(report.Problems);
        Assert.Equal((2L, column, rule, folder.File("data.jsonl")), (problem.Row, problem.Column, problem.Rule.ToString(), problem.File));
        Assert.Equal((1, 1, false), (report.Clean, report.Refused, report.IsClean));
        Assert.Contains($"| {rule} | 1 |", report.ToMarkdown(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Validate_IgnoredRule_IsNotLookedAt(string rule, string column)
    {
        using var folder = new TemporaryFolder();
        PreferenceFile.Write(folder.File("data.jsonl"), [Good, Faulty(Enum.Parse<ValidationRule>(rule))]);
        var options = new ValidationOptions { Ignored = new HashSet<ValidationRule> { Enum.Parse<ValidationRule>(rule) } };

        Assert.True(PreferenceValidator.Validate(folder.File("data.jsonl"), options).IsClean, column);
    }

    [Fact]
    public void Validate_CleanFile_FindsNothing()
    {
        using var folder = new TemporaryFolder();
        PreferenceFile.Write(folder.File("data.parquet"), [Good, Good with { Origin = new() { Id = "7" } }]);

        ValidationReport report = PreferenceValidator.Validate(folder.File("data.parquet"));

        Assert.True(report.IsClean);
        Assert.Equal(2, report.Clean);
    }

    [Theory]
    [InlineData("a <image> b")]
    [InlineData("end</s>")]
    [InlineData("<|im_end|>")]
    [InlineData("x USER: y")]
    [InlineData("### Human")]
    [InlineData("<b>bold</b>")]
    [InlineData("[INST] do")]
    public void Run_TemplateMarkers_AreMarkup(string text) => Assert.Contains(
        ExampleChecks.Run(Good with { Prompt = text }, new()), found => found.Rule == ValidationRule.Markup);

    [Theory]
    [InlineData("is 3 < 5 and 7 > 2")]
    [InlineData("the user: me")]
    [InlineData("# 1, ## 2")]
    public void Run_OrdinaryText_IsNoMarkup(string text) => Assert.DoesNotContain(
        ExampleChecks.Run(Good with { Prompt = text }, new()), found => found.Rule == ValidationRule.Markup);

    [Fact]
    public void Run_ShortAnswers_MayChangeWholly() =>
        Assert.Empty(ExampleChecks.Run(Good with { Chosen = "Three.", Rejected = "Two." }, new()));

    [Fact]
    public void Separate_MixedFile_WritesBothAndLosesNoRow()
    {
        using var folder = new TemporaryFolder();
        PreferenceFile.Write(
            folder.File("data.jsonl"), [Good, Faulty(ValidationRule.EqualAnswers), Good with { Origin = new() { Id = "8" } }]);
        File.AppendAllText(
            folder.File("data.jsonl"),
            """
            {broken
            {"prompt":"p","chosen":"c","rejected":"r","image":{"path":"none.png"}}
            """);

        ValidationReport report = PreferenceValidator.Separate(
            folder.File("data.jsonl"), folder.File("clean.parquet"), folder.File("refused.jsonl"));

        Assert.Equal((2, 3), (report.Clean, report.Refused));
        Assert.Equal(["0", "8"], PreferenceFile.Read(folder.File("clean.parquet")).Select(example => example.Origin.Id));
        RefusedRow[] refused =
            [.. File.ReadLines(folder.File("refused.jsonl")).Select(
                line => JsonSerializer.Deserialize<RefusedRow>(line, PreferenceJson.Options)!)];
        Assert.Equal([2, 4, 5], refused.Select(row => row.Row));
        Assert.Equal(Faulty(ValidationRule.EqualAnswers), refused[0].Example);
        Assert.Null(refused[1].Example);
        Assert.Equal([ValidationRule.EqualAnswers, ValidationRule.Unreadable, ValidationRule.BrokenPicture], report.Problems.Select(
            problem => problem.Rule));
    }

    [Fact]
    public void Separate_Cancelled_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        PreferenceFile.Write(folder.File("data.jsonl"), [Good]);

        Assert.Throws<OperationCanceledException>(() => PreferenceValidator.Separate(
            folder.File("data.jsonl"),
            folder.File("clean.jsonl"),
            folder.File("refused.jsonl"),
            cancellationToken: new CancellationToken(canceled: true)));

        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void Validate_MissingFile_Throws() => Assert.Throws<FileNotFoundException>(() => PreferenceValidator.Validate("/nowhere.jsonl"));

    private static PreferenceExample Faulty(ValidationRule rule)
    {
        PreferenceExample other = Good with { Origin = Good.Origin with { Id = "2" } };
        return rule switch
        {
            ValidationRule.NoPicture => other with { Image = null },
            ValidationRule.EmptyPrompt => other with { Prompt = " " },
            ValidationRule.EqualAnswers => other with { Chosen = other.Rejected },
            ValidationRule.DuplicateId => Good,
            ValidationRule.Rewritten => other with { Chosen = "Nothing here is as the answer said, not one single word of it all." },
            ValidationRule.IncompleteSegments => other with
            {
                Segments = [new CorrectedSegment { Rejected = new(0, 2), Chosen = new(0, 2), Type = HallucinationType.Object }],
            },
            ValidationRule.Markup => other with { Rejected = other.Rejected + "</s>", Chosen = other.Chosen },
            ValidationRule.LostCharacters => other with { Prompt = "caf\uFFFD?" },
            _ => throw new ArgumentOutOfRangeException(nameof(rule)),
        };
    }
}
