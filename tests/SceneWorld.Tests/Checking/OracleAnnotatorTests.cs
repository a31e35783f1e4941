using System.Text;
using RlhfV.Preferences;

namespace SceneWorld.Tests.Checking;

public class OracleAnnotatorTests
{
    private const int Seeds = 3000;

    [Fact]
    public void Correct_BiasedCaption_LeavesNoHallucinationAndChangesOnlyItsSegments()
    {
        var writer = new BiasedCaptionWriter(new BiasOptions { Rate = 3 });
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            BiasedCaption caption = writer.Write(scene, seed);
            AssertCorrected(scene, caption.Text, $"{seed}");
        }
    }

    [Fact]
    public void Correct_CaptionOfAnotherScene_LeavesNoHallucination()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            string caption = CaptionWriter.Write(SceneGenerator.Generate(seed + 1), seed);
            AssertCorrected(scene, caption, $"{seed}");
        }
    }

    [Fact]
    public void Correct_WordSoup_LeavesNoHallucination()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new SceneRandom(seed, stream: 99);
            Scene scene = SceneGenerator.Generate(seed);
            string[] words = CaptionWriter.Write(SceneGenerator.Generate(seed + 7), seed).Split(' ');
            if (random.Chance(0.7))
            {
                // A few words swapped, as a weak model would.
                for (int swap = 0; swap < 4; swap++)
                {
                    (int i, int j) = (random.Next(words.Length), random.Next(words.Length));
                    (words[i], words[j]) = (words[j], words[i]);
                }
            }
            else
            {
                random.Shuffle<string>(words);
            }

            AssertCorrected(scene, string.Join(' ', words[..(1 + random.Next(words.Length))]), $"{seed}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(". , and . ,,, while")]
    [InlineData("\u0000\ud83d\ude00 \ud800 the the of of the left of")]
    [InlineData("the left of the")]
    public void Correct_Garbage_IsLeftAsItIs(string caption)
    {
        Correction correction = OracleAnnotator.Correct(HandMade.Scene, caption);
        Assert.Equal(caption, correction.Chosen);
        Assert.Empty(correction.Segments);
    }

    [Theory]
    [InlineData("There is a blue cup on the left.", "There are two red cups on the left.")]
    [InlineData("An orange dog is running.", "A black dog is running.")]
    [InlineData("Two dogs are sleeping on the left.", "A dog is running on the right.")]
    [InlineData("The cup is red. The dogs are on the right.", "The cups are red. The dog is on the right.")]
    [InlineData("This is a street with two cups and a black dog.", "This is a kitchen with two cups and a black dog.")]
    [InlineData("You can see two cups and three white plates. A dog is here.", "You can see two cups. A dog is here.")]
    [InlineData(
        "This is a kitchen with a plate. There are two red cups. The dog is black.",
        "This is a kitchen. There are two red cups. The dog is black.")]
    [InlineData(
        "There is a white plate on the right, and the dog is running.",
        "There are two red cups on the left, and the dog is running.")]
    [InlineData("The plate is white, and two red cups are to the left of a dog.", "Two red cups are to the left of a dog.")]
    [InlineData("The dog is below the plates. The cups are red.", "The dog is to the right of the cups. The cups are red.")]
    [InlineData("The dog is above the dog. The cups are red.", "The dog is to the right of the cups. The cups are red.")]
    [InlineData(
        "The cups are in the top right corner, and the dog is black.",
        "The cups are in the bottom left corner, and the dog is black.")]
    [InlineData("The towels are purple.", "There are two red cups on the left.")]
    public void Correct_HandWrittenCaption_StaysFluent(string caption, string expected) =>
        Assert.Equal(expected, OracleAnnotator.Correct(HandMade.Scene, caption).Chosen);

    [Fact]
    public void Correct_TwoMistakesInOnePhrase_GivesTwoSegments()
    {
        const string caption = "There are three blue cups on the left.";
        Correction correction = OracleAnnotator.Correct(HandMade.Scene, caption);
        Assert.Equal("There are two red cups on the left.", correction.Chosen);
        Assert.Equal([HallucinationType.Number, HallucinationType.Attribute], correction.Segments.Select(segment => segment.Type));
        Assert.Equal(["three", "blue"], correction.Segments.Select(segment => Cut(caption, segment.Rejected)));
        Assert.Equal(["two", "red"], correction.Segments.Select(segment => Cut(correction.Chosen, segment.Chosen)));
    }

    private static string Cut(string text, TextSpan span) => text.Substring(span.Start, span.Length);

    private static void AssertCorrected(Scene scene, string caption, string label)
    {
        Correction correction = OracleAnnotator.Correct(scene, caption);
        CaptionAssessment before = CaptionChecker.Check(scene, caption);
        CaptionAssessment after = CaptionChecker.Check(scene, correction.Chosen);
        string story = $"{label} {scene}\n{caption}\n{correction.Chosen}\nleft {string.Join("; ", after.Hallucinations)}";
        Assert.True(!after.IsHallucinated && after.Unparsed.Count <= before.Unparsed.Count, story);
        Assert.True(after.Recall >= before.Recall, story);
        Assert.True(before.IsHallucinated == correction.Segments.Count > 0, story);
        string rejectedGaps = Gaps(caption, correction, segment => segment.Rejected);
        string chosenGaps = Gaps(correction.Chosen, correction, segment => segment.Chosen);
        Assert.Equal(rejectedGaps, chosenGaps);
        Assert.DoesNotContain("  ", correction.Chosen, StringComparison.Ordinal);
    }

    // The text outside the segments, with a mark for each of them: equal on both sides when nothing else changed.
    private static string Gaps(string text, Correction correction, Func<CorrectedSegment, TextSpan> side)
    {
        var gaps = new StringBuilder();
        int done = 0;
        foreach (CorrectedSegment segment in correction.Segments)
        {
            TextSpan span = side(segment);
            gaps.Append(text, done, span.Start - done).Append('|');
            done = span.End;
        }

        return gaps.Append(text, done, text.Length - done).ToString();
    }
}
