using Microsoft.Extensions.Options;
using RlhfV.Models;
using RlhfV.Models.Adapters;

namespace RlhfV.Extensions.AI;

/// <summary>
/// Checks the folders of the model, of its vision tower if that is kept apart, and of the adapter. Reads directories and headers, no weights.
/// </summary>
internal sealed class ModelFolderValidator : IValidateOptions<RlhfVChatClientOptions>
{
    public ValidateOptionsResult Validate(string? name, RlhfVChatClientOptions options)
    {
        string prefix = string.IsNullOrEmpty(name) ? nameof(RlhfVChatClientOptions) : name;
        string[] problems =
        [
            .. TowerProblems(options).Select(problem => $"{prefix}.{nameof(options.VisionTowerFolder)}{problem}"),
            .. ModelProblems(options).Select(problem => $"{prefix}.{nameof(options.ModelPath)}{problem}"),
        ];

        // Whether an adapter fits can only be told of a model that is there.
        problems =
        [
            .. problems,
            .. AdapterProblems(options, modelIsThere: problems.Length == 0).Select(problem => $"{prefix}.{nameof(options.AdapterPath)}{problem}"),
        ];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static bool IsBlank(string? folder) => folder is not null && string.IsNullOrWhiteSpace(folder);

    private static VisionLanguageModelOptions Loading(RlhfVChatClientOptions options) => new() { VisionTowerFolder = options.VisionTowerFolder };

    private static IEnumerable<string> TowerProblems(RlhfVChatClientOptions options) =>
        IsBlank(options.VisionTowerFolder) ? [" is blank; leave it out or name the folder of the model's vision tower."] : [];

    private static IEnumerable<string> ModelProblems(RlhfVChatClientOptions options) =>
        string.IsNullOrWhiteSpace(options.ModelPath) ? [" is not set; expected the folder of a model in the Hugging Face layout."]

        // With a tower's folder that cannot be looked at, only whether there is a model's folder can be told.
        : IsBlank(options.VisionTowerFolder) && Directory.Exists(options.ModelPath) ? []
        : ModelFolder.FindProblems(options.ModelPath, Loading(options)).Select(problem => $": {problem}");

    private static IEnumerable<string> AdapterProblems(RlhfVChatClientOptions options, bool modelIsThere) => options.AdapterPath switch
    {
        null => [],
        { } path when IsBlank(path) => [" is blank; leave it out or name the folder of a LoRA adapter."],
        { } path when modelIsThere => AdapterFolder.FindProblems(path, options.ModelPath!, Loading(options)).Select(problem => $": {problem}"),
        { } path when !Directory.Exists(path) => [$": Found no adapter folder '{Path.GetFullPath(path)}'; expected one as PEFT or training with LoRA wrote it."],
        _ => [],
    };
}
