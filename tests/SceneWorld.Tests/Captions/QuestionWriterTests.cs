namespace SceneWorld.Tests.Captions;

public class QuestionWriterTests
{
    [Fact]
    public void Write_ManySeeds_AsksEveryKindOfQuestion()
    {
        string[] prompts = [.. Enumerable.Range(0, 500).Select(seed => QuestionWriter.Write(SceneGenerator.Generate(seed), seed).Prompt)];
        string[] starts = ["What place", "How many", "What colour", "Where", "What can", "What is on the left", "What is on the right"];
        foreach (string start in starts)
        {
            Assert.Contains(prompts, prompt => prompt.StartsWith(start, StringComparison.Ordinal));
        }

        Assert.Contains(prompts, prompt => prompt.EndsWith("doing?", StringComparison.Ordinal));
        Assert.All(prompts, prompt => Assert.EndsWith("?", prompt, StringComparison.Ordinal));
    }

    [Fact]
    public void Prompts_WithAllAnswers_NeedFewerThanFourHundredWords()
    {
        var words = new HashSet<string>();
        foreach (string text in CaptionPrompts.Detailed.Concat(CaptionPrompts.Short).Concat(Texts()))
        {
            words.UnionWith(text.ToLowerInvariant().Split([' ', ',', '.', '?'], StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.InRange(words.Count, 150, 400);
        Assert.True(CaptionPrompts.Detailed.Count >= 5);
    }

    private static IEnumerable<string> Texts()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            Scene scene = SceneGenerator.Generate(seed);
            SceneQuestion question = QuestionWriter.Write(scene, seed);
            yield return question.Prompt;
            yield return question.Answer;
            yield return CaptionWriter.Write(scene, seed);
            yield return CaptionWriter.ShortCaption(scene, seed);
        }
    }
}
