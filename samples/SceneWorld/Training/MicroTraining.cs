using System.Text.Json;
using RlhfV.Models;
using RlhfV.Models.Architectures.Llava;
using RlhfV.Models.Checkpoints;
using RlhfV.Models.Tokenization;

namespace SceneWorld.Training;

/// <summary>Trains the micro LLaVA from nothing: tokenizer, tower on truth, short answers, long biased descriptions, both together. Every stage resumes.</summary>
/// <param name="folder">Where tokenizer, states and the finished model go.</param>
/// <param name="log">Where progress is written.</param>
public sealed class MicroTraining(string folder, TextWriter log)
{
    private const int VocabularySize = 640;
    private const int TokenizerScenes = 6000;

    /// <summary>Number of scenes of each stage.</summary>
    /// <param name="Tower">Scenes for the tower.</param>
    /// <param name="Short">Scenes for short answers.</param>
    /// <param name="Long">Scenes for long descriptions.</param>
    /// <param name="Mixed">Scenes for descriptions and questions together.</param>
    /// <param name="Grounded">Scenes on which nouns have to know what they name.</param>
    public readonly record struct Plan(int Tower, int Short, int Long, int Mixed, int Grounded);

    /// <summary>Trains, or goes on where an interrupted run stopped.</summary>
    /// <param name="plan">Scenes per stage.</param>
    /// <param name="bias">How the long descriptions hallucinate.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="start">Folder of a model whose tokenizer and weights are the start instead; null starts from nothing.</param>
    /// <param name="cancellationToken">Stops after the current step.</param>
    public (LlavaNetwork Network, VisionLanguageProcessor Processor, JsonElement Config) Run(
        Plan plan, BiasOptions bias, long seed, string? start, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var curriculum = new Curriculum(bias);
        string tokenizerFolder = start ?? Path.Combine(folder, "tokenizer");
        if (!File.Exists(Path.Combine(tokenizerFolder, "tokenizer.json")))
        {
            CaptionTokenizerTrainer.Train(Texts(curriculum), VocabularySize, tokenizerFolder);
        }

        TextTokenizer tokenizer = TextTokenizer.Load(tokenizerFolder);
        JsonElement config = MicroLlava.Config(VocabularySize, tokenizer.TokenId("<image>")!.Value);
        LlavaNetwork network = MicroLlava.CreateNetwork(config, seed);
        VisionLanguageProcessor processor = MicroLlava.CreateProcessor(tokenizer);
        if (start is not null)
        {
            using TensorSource source = TensorSource.Open(start);
            StateLoader.Load(network, source, name => name);
        }

        log.WriteLine($"{network.parameters().Sum(p => p.numel()) / 1e6:F2} million parameters");
        new TowerTrainer(network, processor.ImageProcessor, folder, log).Train(plan.Tower, Curriculum.TowerSeed, cancellationToken);
        var captions = new CaptionTrainer(network, processor, folder, log);
        captions.Train("short", plan.Short, Curriculum.ShortSeed, curriculum.Short, peakRate: 2e-3, lensWeight: 0, nounWeight: 0, cancellationToken);
        captions.Train("long", plan.Long, Curriculum.LongSeed, curriculum.Long, peakRate: 1.5e-3, lensWeight: 0, nounWeight: 0, cancellationToken);
        captions.Train("mixed", plan.Mixed, Curriculum.MixedSeed, curriculum.Mixed, peakRate: 1.5e-3, lensWeight: 0.3, nounWeight: 0, cancellationToken);
        captions.Train(
            "grounded", plan.Grounded, Curriculum.GroundedSeed, curriculum.Mixed, peakRate: 1.5e-3, lensWeight: 0.1, nounWeight: 0.5, cancellationToken);
        return (network, processor, config);
    }

    private static IEnumerable<string> Texts(Curriculum curriculum)
    {
        for (long i = 0; i < TokenizerScenes; i++)
        {
            Scene scene = SceneGenerator.Generate(Curriculum.LongSeed + i);
            foreach (Lesson lesson in curriculum.Long(scene).Concat(curriculum.Short(scene)))
            {
                yield return $"USER: {lesson.Prompt} ASSISTANT: {lesson.Answer}";
            }
        }
    }
}
