namespace SceneWorld.Training;

/// <summary>What is taught on a scene, short answers before long ones.</summary>
/// <param name="bias">How the long descriptions hallucinate.</param>
public sealed class Curriculum(BiasOptions bias)
{
    private readonly BiasedCaptionWriter _writer = new(bias);

    /// <summary>First seed of the scenes the tower learns from.</summary>
    public const long TowerSeed = 1_000_000;

    /// <summary>First seed of the scenes with short answers.</summary>
    public const long ShortSeed = 2_000_000;

    /// <summary>First seed of the scenes with long descriptions; corrections are collected on these too.</summary>
    public const long LongSeed = 3_000_000;

    /// <summary>First seed of the scenes with descriptions and questions.</summary>
    public const long MixedSeed = 4_000_000;

    /// <summary>First seed of the last stage's scenes.</summary>
    public const long GroundedSeed = 5_000_000;

    /// <summary>First seed of the scenes that nothing was ever trained on.</summary>
    public const long HeldOutSeed = 9_000_000;

    /// <summary>A true short description and two questions.</summary>
    public IReadOnlyList<Lesson> Short(Scene scene) =>
    [
        new Lesson(Pick(CaptionPrompts.Short, scene, 0), CaptionWriter.ShortCaption(scene, scene.Seed * 16)),
        Question(scene, 0),
        Question(scene, 1),
    ];

    /// <summary>Two biased detailed descriptions and one question.</summary>
    public IReadOnlyList<Lesson> Long(Scene scene) =>
    [
        .. Enumerable.Range(0, 2).Select(i => new Lesson(Pick(CaptionPrompts.Detailed, scene, i), _writer.Write(scene, scene.Seed * 16 + i).Text)),
        Question(scene, 0),
    ];

    /// <summary>A biased detailed description and four questions.</summary>
    public IReadOnlyList<Lesson> Mixed(Scene scene) =>
    [
        new Lesson(Pick(CaptionPrompts.Detailed, scene, 0), _writer.Write(scene, scene.Seed * 16).Text),
        .. Enumerable.Range(0, 4).Select(i => Question(scene, i)),
    ];

    private static Lesson Question(Scene scene, int i)
    {
        SceneQuestion question = QuestionWriter.Write(scene, scene.Seed * 16 + i);
        return new Lesson(question.Prompt, question.Answer);
    }

    private static string Pick(IReadOnlyList<string> wordings, Scene scene, int i) => wordings[(int)((scene.Seed * 7 + i * 5) % wordings.Count)];
}
