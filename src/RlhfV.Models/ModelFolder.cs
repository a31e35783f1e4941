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
    /// <param name="options">How the model is to be loaded, of which the vision tower's folder counts here; null for the defaults.</param>
    /// <returns>One sentence per problem; empty when none was found.</returns>
    public static IReadOnlyList<string> FindProblems(string folder, VisionLanguageModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
            return [NotThere(folder)];

        var problems = new List<string>();
        Try(() => Describe(folder, OpenConfig(folder), options ?? new VisionLanguageModelOptions()));
        Try(() => TensorSource.Open(folder).Dispose());
        return problems;

        void Try(Action look)
        {
            try
            {
                look();
            }
            catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
            {
                problems.Add(problem.Message);
            }
        }
    }

    /// <summary>Opens a model's configuration.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no configuration in it.</exception>
    /// <exception cref="ModelFormatException">It is no JSON object.</exception>
    internal static ConfigReader OpenConfig(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(NotThere(folder));
        }

        string file = Path.Combine(folder, "config.json");
        return File.Exists(file) ? ConfigReader.Open(file) : throw new FileNotFoundException(FolderAdvice.WithoutConfig(folder), file);
    }

    private static string NotThere(string folder) =>
        $"Found no model folder '{Path.GetFullPath(folder)}'; expected a folder with config.json and weights.";

    private static void Describe(string folder, ConfigReader config, VisionLanguageModelOptions options)
    {
        ModelFamily family = ModelFamilies.Of(config);
        ModelParts parts = family.PartsOf(folder, config, options);
        family.CreateProcessor(parts);
        if (parts.TowerWeightsApart)
            TensorSource.Open(parts.TowerFolder!).Dispose();
    }
}
