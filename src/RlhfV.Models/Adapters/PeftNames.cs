namespace RlhfV.Models.Adapters;

/// <summary>
/// Names of adapted modules as PEFT has them. They follow the module tree of Python's transformers, which since release 4.52 puts the parts
/// of a vision-language model under <c>model.</c>, while checkpoints of the LLaVA family keep the older names. Both are read; the newer is
/// written.
/// </summary>
public static class PeftNames
{
    private const string Prefix = "base_model.model.";

    private static readonly (string Ours, string Theirs)[] Parts =
    [
        ("language_model.model.", "model.language_model."),
        ("language_model.lm_head", "lm_head"),
        ("multi_modal_projector.", "model.multi_modal_projector."),
        ("vision_tower.vision_model.", "model.vision_tower."),
    ];

    // Names of families whose modules here carry the newer names; older adapters, from before release 4.52, have these.
    private static readonly (string Ours, string Theirs)[] Older =
    [
        ("model.visual.", "visual."),
        ("model.language_model.", "model."),
    ];

    /// <summary>Key of a tensor in <c>adapter_model.safetensors</c>.</summary>
    /// <param name="module">Name of the module in the network.</param>
    /// <param name="matrix"><c>lora_A</c>, <c>[rank, inputs]</c>, or <c>lora_B</c>, <c>[outputs, rank]</c>.</param>
    public static string Key(string module, string matrix) => $"{Prefix}{Module(module)}.{matrix}.weight";

    /// <summary>Name of a module in Python's tree, the newer one.</summary>
    /// <param name="module">Name of the module in the network.</param>
    public static string Module(string module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return Renamed(module, Parts);
    }

    /// <summary>The network's module of a name in Python's tree, newer or older; null when it has none.</summary>
    /// <param name="module">Name of the module in Python's tree.</param>
    /// <param name="modules">Names of the network's modules.</param>
    public static string? Find(string module, IEnumerable<string> modules)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(modules);
        return modules.FirstOrDefault(own => own == module || Module(own) == module || Renamed(own, Older) == module);
    }

    /// <summary>Reads a key of <c>adapter_model.safetensors</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="module">Name of the module in Python's tree.</param>
    /// <param name="matrix"><c>lora_A</c> or <c>lora_B</c>.</param>
    /// <returns>Whether the key has the form of plain LoRA.</returns>
    internal static bool TryRead(string key, out string module, out string matrix)
    {
        (module, matrix) = (string.Empty, string.Empty);
        if (!key.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (string form in (ReadOnlySpan<string>)["lora_A", "lora_B"])
        {
            string end = $".{form}.weight";
            if (key.EndsWith(end, StringComparison.Ordinal) && key.Length > Prefix.Length + end.Length)
            {
                (module, matrix) = (key[Prefix.Length..^end.Length], form);
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the key of a copy of the model's own weight, which PEFT adds when the output head is adapted.</summary>
    /// <param name="key">The key.</param>
    /// <param name="module">Name of the module in Python's tree.</param>
    internal static bool TryReadCopy(string key, out string module)
    {
        const string End = ".base_layer.weight";
        bool copy = key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(End, StringComparison.Ordinal)
            && key.Length > Prefix.Length + End.Length;
        module = copy ? key[Prefix.Length..^End.Length] : string.Empty;
        return copy;
    }

    private static string Renamed(string module, (string Ours, string Theirs)[] parts)
    {
        foreach ((string ours, string theirs) in parts)
        {
            if (module.StartsWith(ours, StringComparison.Ordinal))
            {
                return theirs + module[ours.Length..];
            }
        }

        return module;
    }
}
