namespace RlhfV.Training.Lora;

/// <summary>
/// Names of adapted modules as PEFT has them. They follow the module tree of Python's transformers, which since release 4.52 puts the parts
/// of
/// a vision-language model under <c>model.</c>, while checkpoints of the LLaVA family keep the older names. Both are read; the newer is
/// written.
/// </summary>
internal static class PeftNames
{
    private const string Prefix = "base_model.model.";

    private static readonly (string Ours, string Theirs)[] Parts =
    [
        ("language_model.model.", "model.language_model."),
        ("language_model.lm_head", "lm_head"),
        ("multi_modal_projector.", "model.multi_modal_projector."),
        ("vision_tower.vision_model.", "model.vision_tower."),
    ];

    /// <summary>Key of a tensor in <c>adapter_model.safetensors</c>.</summary>
    /// <param name="module">Name of the module in the network.</param>
    /// <param name="matrix"><c>lora_A</c> or <c>lora_B</c>.</param>
    public static string Key(string module, string matrix) => $"{Prefix}{Module(module)}.{matrix}.weight";

    /// <summary>Name of a module in Python's tree.</summary>
    public static string Module(string module)
    {
        foreach ((string ours, string theirs) in Parts)
        {
            if (module.StartsWith(ours, StringComparison.Ordinal))
            {
                return theirs + module[ours.Length..];
            }
        }

        return module;
    }

    /// <summary>The network's module of a stored name, or null when it has none.</summary>
    /// <param name="key">Key of a tensor.</param>
    /// <param name="modules">Names of the network's modules.</param>
    public static string? Find(string key, IReadOnlyCollection<string> modules)
    {
        int end = key.LastIndexOf(".lora_", StringComparison.Ordinal);
        if (end < 0 || !key.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        string name = key[Prefix.Length..end];
        return modules.Contains(name) ? name : modules.FirstOrDefault(module => Module(module) == name);
    }
}
