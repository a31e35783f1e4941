using RlhfV.Preferences;

namespace RlhfV.Evaluation.Tests;

/// <summary>Assessed answers for tests: single ones by hand, and a reproducible pair of models.</summary>
internal static class Assessments
{
    private static readonly (string Text, HallucinationType Type)[] Mistakes =
    [
        ("a bowl of fruit", HallucinationType.Object), ("on the left", HallucinationType.Position),
        ("three chairs", HallucinationType.Number),
        ("a red kettle", HallucinationType.Attribute), ("pouring water", HallucinationType.Action),
    ];

    /// <summary>An answer in which the given texts are hallucinated, each as the given type.</summary>
    public static ResponseAssessment Answer(string id, string response, params (string Text, HallucinationType Type)[] wrong) => new()
    {
        Id = id,
        Prompt = "Describe the picture.",
        Response = response,
        Segments =
            [.. wrong.Select(w => new HallucinatedSegment(new(response.IndexOf(w.Text, StringComparison.Ordinal), w.Text.Length), w.Type))],
    };

    /// <summary>An answer with so many object hallucinations.</summary>
    public static ResponseAssessment Wrong(string id, int segments, int? mentions = null) => new()
    {
        Id = id,
        Prompt = "Describe the picture.",
        Response = "a cat a cat a cat a cat a cat a cat",
        Segments = [.. Enumerable.Range(0, segments).Select(i => new HallucinatedSegment(new(6 * i, 5), HallucinationType.Object))],
        Mentions = mentions,
    };

    /// <summary>So many scenes described by a model that gets each claim wrong with the given probability.</summary>
    public static IReadOnlyList<ResponseAssessment> Model(int count, double mistakes, int seed)
    {
        var random = new Random(seed);
        string[] scenes = ["kitchen", "street", "living room", "bathroom"];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            string scene = scenes[i % scenes.Length];
            var wrong = Mistakes.Where(_ => random.NextDouble() < mistakes).ToArray();
            string text = $"The picture shows a {scene} in daylight. There is a table near the window" +
                string.Concat(wrong.Select(w => $", and one can see {w.Text}")) +
                    ". The walls are painted white and the floor is made of wood.";
            return Answer($"{scene.Replace(' ', '-')}-{i:000}", text, wrong) with
            {
                Prompt = "Please describe this image in detail.",
                Mentions = 6 + wrong.Length,
                ObjectsPresent = 8,
                ObjectsFound = 6 + random.Next(3),
                Scene = scene,
                Image = PreferenceImage.FromBytes(Picture(i)),
            };
        })];
    }

    private static byte[] Picture(int seed) => TinyPng.Encode(112, (x, y) =>
    {
        bool window = x is > 60 and < 96 && y is > 16 and < 50;
        bool table = y is > 70 and < 78 && x is > 16 and < 70 || y is >= 78 and < 100 && (x is > 20 and < 26 || x is > 60 and < 66);
        byte hue = (byte)(seed * 37 % 120);
        return table ? ((byte)120, (byte)78, (byte)40) : window ? ((byte)190, (byte)225, (byte)250)
            : y > 84 ? ((byte)200, (byte)170, (byte)130) : ((byte)(235 - hue / 2), (byte)(225 - hue / 4), (byte)(150 + hue / 2));
    });
}
