namespace SceneWorld.Tests.Checking;

public class CaptionCheckerTests
{
    private const int Seeds = 6000;

    [Fact]
    public void Check_TrueCaptions_FindsNothing()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            string caption = CaptionWriter.Write(scene, seed + 1);
            CaptionAssessment result = CaptionChecker.Check(scene, caption);
            Assert.True(result is { IsHallucinated: false, Recall: 1, Unparsed.Count: 0 }, $"{seed} {scene}\n{caption}\n{Describe(result)}");
            Assert.InRange(result.Words, 40, 70);
        }
    }

    [Fact]
    public void Check_BiasedCaptions_FindsExactlyThePlantedMistakes()
    {
        var writer = new BiasedCaptionWriter(new BiasOptions { Rate = 3 });
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            BiasedCaption caption = writer.Write(scene, seed);
            CaptionAssessment result = CaptionChecker.Check(scene, caption.Text);
            Assert.True(
                result.Unparsed.Count == 0 && Key(caption.Mistakes).SequenceEqual(Key(result.Hallucinations)),
                $"{seed} {scene}\n{caption.Text}\nplanted {string.Join("; ", caption.Mistakes)}\n{Describe(result)}");
        }
    }

    [Fact]
    public void Check_ShortCaptionsAndAnswers_FindsNothing()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            string caption = CaptionWriter.ShortCaption(scene, seed);
            SceneQuestion question = QuestionWriter.Write(scene, seed);
            CaptionAssessment result = CaptionChecker.Check(scene, caption);
            Assert.True(result is { IsHallucinated: false, Unparsed.Count: 0 }, $"{seed} {scene}\n{caption}\n{Describe(result)}");
            Assert.InRange(result.Words, 8, 20);
            CaptionAssessment answer = CaptionChecker.Check(scene, question.Answer);
            Assert.True(answer is { IsHallucinated: false, Unparsed.Count: 0 }, $"{seed} {scene}\n{question}\n{Describe(answer)}");
        }
    }

    private static IEnumerable<(int, int, string)> Key(IEnumerable<HallucinatedSegment> segments) =>
        segments.Select(segment => (segment.Span.Start, segment.Span.Length, segment.Type.Code));

    private static string Describe(CaptionAssessment result) =>
        $"found {string.Join("; ", result.Hallucinations)}\nunparsed {string.Join(", ", result.Unparsed)}";
}
