using RlhfV.Models.Architectures;
using RlhfV.Models.Checkpoints;

namespace RlhfV.Models;

/// <summary>Looks at a model's folder without loading the model.</summary>
public static class ModelFolder
{
    /// <summary>
    /// Finds what would keep <see cref="VisionLanguageModel.Load"/> from loading: missing or unreadable files, a family that is not
    /// supported, missing shards. Reads configuration, tokenizer and the directories of the weight files, no weights; the shapes of tensors are not
    /// compared.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>One sentence per problem; empty when none was found.</returns>
    public static IReadOnlyList<string> FindProblems(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
            return [$"Found no model folder '{Path.GetFullPath(folder)}'; expected a folder with config.json and weights."];

        var problems = new List<string>();
        string configFile = Path.Combine(folder, "config.json");
        if (File.Exists(configFile))
            Try(() => Describe(folder, ConfigReader.Open(configFile)));
        else
            problems.Add($"'{folder}' has no config.json; expected a model in the Hugging Face layout.");
        Try(() => TensorSource.Open(folder).Dispose());
        return problems;

        void Try(Action look)
        {
            try
            {
                look();
            }
            catch (Exception problem) when (problem is FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                problems.Add(problem.Message);
            }
        }
    }

    private static void Describe(string folder, ConfigReader config)
    {
        ModelFamily family = ModelFamilies.Of(config);
        family.CreateProcessor(family.PartsOf(folder, config, new VisionLanguageModelOptions()));
    }
}
