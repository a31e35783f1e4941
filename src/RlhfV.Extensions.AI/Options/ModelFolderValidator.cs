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
        if (options.VisionTowerFolder is { } tower && string.IsNullOrWhiteSpace(tower))
        {
            return ValidateOptionsResult.Fail(
                $"{prefix}.{nameof(options.VisionTowerFolder)} is blank; leave it out or name the folder of the model's vision tower.");
        }

        var loading = new VisionLanguageModelOptions { VisionTowerFolder = options.VisionTowerFolder };
        string[] model = [.. ModelProblems(options, loading).Select(problem => $"{prefix}.{nameof(options.ModelPath)}{problem}")];

        // Whether an adapter fits can only be told of a model that is there.
        string[] problems = model.Length > 0
            ? model
            : [.. AdapterProblems(options, loading).Select(problem => $"{prefix}.{nameof(options.AdapterPath)}{problem}")];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> ModelProblems(RlhfVChatClientOptions options, VisionLanguageModelOptions loading) =>
        string.IsNullOrWhiteSpace(options.ModelPath)
        ? [" is not set; expected the folder of a model in the Hugging Face layout."]
        : ModelFolder.FindProblems(options.ModelPath, loading).Select(problem => $": {problem}");

    private static IEnumerable<string> AdapterProblems(RlhfVChatClientOptions options, VisionLanguageModelOptions loading) => options.AdapterPath switch
    {
        null => [],
        _ when string.IsNullOrWhiteSpace(options.AdapterPath) => [" is blank; leave it out or name the folder of a LoRA adapter."],
        { } path => AdapterFolder.FindProblems(path, options.ModelPath!, loading).Select(problem => $": {problem}"),
    };
}
