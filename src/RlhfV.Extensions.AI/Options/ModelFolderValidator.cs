using Microsoft.Extensions.Options;
using RlhfV.Models;

namespace RlhfV.Extensions.AI;

/// <summary>Checks the model's folder. Reads directories and headers, no weights.</summary>
internal sealed class ModelFolderValidator : IValidateOptions<RlhfVChatClientOptions>
{
    public ValidateOptionsResult Validate(string? name, RlhfVChatClientOptions options)
    {
        string member = $"{(string.IsNullOrEmpty(name) ? nameof(RlhfVChatClientOptions) : name)}.{nameof(options.ModelPath)}";
        if (string.IsNullOrWhiteSpace(options.ModelPath))
            return ValidateOptionsResult.Fail($"{member} is not set; expected the folder of a model in the Hugging Face layout.");
        IReadOnlyList<string> problems = ModelFolder.FindProblems(options.ModelPath);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.Select(p => $"{member}: {p}"));
    }
}
