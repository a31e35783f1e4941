using Microsoft.Extensions.Options;

namespace RlhfV.Extensions.AI;

/// <summary>Checks of names and texts that annotations cannot express, and all checks together for clients made without a container.</summary>
internal sealed class OptionsCheck : IValidateOptions<RlhfVChatClientOptions>
{
    /// <summary>Checks everything but the model's folder.</summary>
    /// <exception cref="ArgumentException">Some values cannot be used; the message lists every one.</exception>
    public static void ThrowIfInvalid(RlhfVChatClientOptions options)
    {
        string[] problems =
        [
            .. new OptionsAnnotationsValidator().Validate(null, options).Failures ?? [],
            .. new OptionsCheck().Validate(null, options).Failures ?? [],
        ];
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
    }

    public ValidateOptionsResult Validate(string? name, RlhfVChatClientOptions options)
    {
        string prefix = string.IsNullOrEmpty(name) ? nameof(RlhfVChatClientOptions) : name;
        var problems = new ValidateOptionsResultBuilder();
        string[] device = (options.Device ?? "").Split(':');
        if (device is not (["cpu"] or ["cuda"] or ["cuda", _]) || (device.Length == 2 && !uint.TryParse(device[1], out _)))
            problems.AddError($"{prefix}.{nameof(options.Device)} is '{options.Device}'; expected cpu, cuda or cuda:N.");
        if (!Enum.IsDefined(options.Precision))
            problems.AddError($"{prefix}.{nameof(options.Precision)} is {options.Precision}; expected {string.Join(", ", Enum.GetNames<ModelPrecision>())}.");
        if (options.ModelId is { } id && string.IsNullOrWhiteSpace(id))
            problems.AddError($"{prefix}.{nameof(options.ModelId)} is blank; leave it out or give a name.");
        if (options.Generation is null)
            problems.AddError($"{prefix}.{nameof(options.Generation)} is null; leave it out to use the defaults.");
        else if (options.Generation.StopSequences?.Any(string.IsNullOrEmpty) ?? true)
            problems.AddError($"{prefix}.{nameof(options.Generation)}.{nameof(GenerationDefaults.StopSequences)} is null or holds an empty text.");
        if (options.ImageFolder is { } folder && !Directory.Exists(folder))
            problems.AddError($"{prefix}.{nameof(options.ImageFolder)} is '{folder}', which is no folder; leave it out to take no files.");
        return problems.Build();
    }
}
