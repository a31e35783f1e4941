using System.Text;
using RlhfV.Preferences;

namespace SceneWorld.Tests.Checking;

public class OracleAnnotatorTests
{
    private const int Seeds = 6000;

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

    private static void AssertCorrected(Scene scene, string caption, string label)
    {
        Correction correction = OracleAnnotator.Correct(scene, caption);
        CaptionAssessment before = CaptionChecker.Check(scene, caption);
        CaptionAssessment after = CaptionChecker.Check(scene, correction.Chosen);
        string story = $"{label} {scene}\n{caption}\n{correction.Chosen}\nleft {string.Join("; ", after.Hallucinations)}";
        Assert.True(!after.IsHallucinated && after.Unparsed.Count <= before.Unparsed.Count, story);
        Assert.True(after.Recall >= before.Recall, story);
        Assert.True(before.IsHallucinated == correction.Segments.Count > 0, story);
        Assert.Equal(Gaps(caption, correction, segment => segment.Rejected), Gaps(correction.Chosen, correction, segment => segment.Chosen));
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
