namespace SceneWorld.Tests.Checking;

public class CaptionCheckerTests
{
    private const int Seeds = 5000;

    [Fact]
    public void Check_TrueCaptions_FindsNothing()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            string caption = CaptionWriter.Write(scene, seed + 1);
            CaptionAssessment result = CaptionChecker.Check(scene, caption);
            bool right = result is { IsHallucinated: false, Recall: 1, Unparsed.Count: 0 };
            Assert.True(right, $"{seed} {scene}\n{caption}\n{Describe(result)}");
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
    public void Check_Claims_FalseOnesAreTheHallucinationsAndNoneStandTwice()
    {
        var writer = new BiasedCaptionWriter(new BiasOptions { Rate = 3 });
        for (int seed = 0; seed < Seeds / 5; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            CaptionAssessment wrong = CaptionChecker.Check(scene, writer.Write(scene, seed).Text);
            Assert.Equal(
                wrong.Hallucinations.Select(mistake => (mistake.Span, mistake.Type)),
                wrong.CheckedClaims.Where(claim => !claim.IsTrue).Select(claim => (claim.Span, claim.Type)));
            Assert.Equal(wrong.Claims, wrong.CheckedClaims.DistinctBy(claim => claim.Span).Count());
            CaptionAssessment right = CaptionChecker.Check(scene, CaptionWriter.Write(scene, seed));
            Assert.All(right.CheckedClaims, claim => Assert.True(claim.IsTrue));
            Assert.True(right.Claims > 5);
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

    [Theory]
    [InlineData("There are two red cups on the left.", "")]
    [InlineData("There are three red cups on the left.", "number: three")]
    [InlineData("A blue mug is on the left.", "number: A, attribute: blue")]
    [InlineData("The cup is red.", "number: cup")]
    [InlineData("The cups are at the bottom right.", "position: at the bottom right")]
    [InlineData("The cups are on the right side of the picture.", "position: on the right side of the picture")]
    [InlineData("The cups are to the right of the dog.", "position: to the right of")]
    [InlineData("Below the dog, there are two red cups.", "position: Below")]
    [InlineData("The dog is sleeping, and the cups are above the dog.", "action: sleeping, position: above")]
    [InlineData("There are two plates next to the cups.", "object: two plates")]
    [InlineData("On the left there is a white plate, while on the right a black dog is running.", "object: a white plate")]
    [InlineData("This is a bathroom with a plate and two red cups.", "other: bathroom, object: a plate")]
    [InlineData("The cups are running.", "action: running")]
    [InlineData("The dog is above the dog.", "position: above")]
    [InlineData("THE DOG IS WHITE", "attribute: WHITE")]
    public void Check_HandWrittenCaption_FindsTheStretches(string caption, string expected)
    {
        CaptionAssessment result = CaptionChecker.Check(HandMade.Scene, caption);
        Assert.Equal(expected, string.Join(", ", result.Hallucinations.Select(segment => $"{segment.Type.Code}: {segment.Text}")));
    }

    [Fact]
    public void Check_UnknownWords_AreReportedAndNotJudged()
    {
        const string caption = "A happy dog is running. Wibble wobble the cups. Above the moon.";
        CaptionAssessment result = CaptionChecker.Check(HandMade.Scene, caption);
        IEnumerable<string> unparsed = result.Unparsed.Select(span => caption.Substring(span.Start, span.Length));
        Assert.Equal(["happy", "Wibble wobble", "Above", "moon"], unparsed);
        Assert.False(result.IsHallucinated);
    }

    [Fact]
    public void Check_Counts_AddUp()
    {
        CaptionAssessment result = CaptionChecker.Check(HandMade.Scene, "There are two red cups on the left. There is a plate.");
        Assert.Equal((2, 1, 5), (result.ObjectMentions, result.AbsentMentions, result.Claims));
        Assert.Equal([ObjectKind.Cup], result.NamedKinds);
        Assert.Equal(0.5, result.Recall);
        Assert.Equal(12, result.Words);
    }

    [Fact]
    public void Check_Null_NamesTheArgument()
    {
        Assert.Equal("caption", Assert.Throws<ArgumentNullException>(() => CaptionChecker.Check(HandMade.Scene, null!)).ParamName);
        Assert.Equal("scene", Assert.Throws<ArgumentNullException>(() => CaptionChecker.Check(null!, "")).ParamName);
    }

    private static IEnumerable<(int, int, string)> Key(IEnumerable<HallucinatedSegment> segments) =>
        segments.Select(segment => (segment.Span.Start, segment.Span.Length, segment.Type.Code));

    private static string Describe(CaptionAssessment result) =>
        $"found {string.Join("; ", result.Hallucinations)}\nunparsed {string.Join(", ", result.Unparsed)}";
}
