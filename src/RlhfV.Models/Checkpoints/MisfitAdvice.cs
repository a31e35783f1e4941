namespace RlhfV.Models.Checkpoints;

/// <summary>Tells from the names of tensors that do not fit a model why they may not, and what can be done about it.</summary>
internal static class MisfitAdvice
{
    private const string Otherwise = "Check that config.json belongs to these weights.";

    // What GPTQ, AWQ, bitsandbytes and compressed-tensors call the parts of a matrix.
    private static readonly string[] Quantised = [".qweight", ".qzeros", ".g_idx", ".absmax", ".quant_map", ".SCB", ".weight_packed", ".weight_scale"];

    /// <summary>One sentence or two.</summary>
    /// <param name="missing">Names in the model for which the checkpoint has nothing.</param>
    /// <param name="unexpected">Names in the checkpoint that have no place in the model.</param>
    public static string For(IReadOnlyList<string> missing, IReadOnlyList<string> unexpected)
    {
        if (unexpected.FirstOrDefault(name => Array.Exists(Quantised, end => name.EndsWith(end, StringComparison.Ordinal))) is { } part)
        {
            return $"Names such as '{Cut(part)}' are those of quantised weights, which are not supported; load the model in fp32, fp16 or bf16.";
        }

        if (unexpected.Any(name => name.Contains(".lora_A.", StringComparison.Ordinal)))
        {
            return "Among the weights are matrices of a LoRA adapter (lora_A, lora_B). Merge it into its model with PEFT (merge_and_unload) and save that, or "
                + $"load the model and name the adapter's folder in {nameof(VisionLanguageModelOptions)}.{nameof(VisionLanguageModelOptions.AdapterPath)}.";
        }

        return RenamedPrefix(missing, unexpected) is var (found, expected, count)
            ? $"{count} of the unexpected names are missing ones with {InFront(found)} in front instead of {InFront(expected)}: "
                + "save the weights again under the names that the model has where it was published."
            : Otherwise;
    }

    /// <summary>The most frequent pair of beginnings in which unexpected names differ from missing ones, if it explains most of them.</summary>
    private static (string Found, string Expected, int Count)? RenamedPrefix(IReadOnlyList<string> missing, IReadOnlyList<string> unexpected)
    {
        var byEnding = new Dictionary<string, string?>(StringComparer.Ordinal); // null where several names end so
        foreach (string name in missing)
        {
            foreach (string ending in Endings(name))
            {
                byEnding[ending] = byEnding.ContainsKey(ending) ? null : name;
            }
        }

        var pairs = new Dictionary<(string, string), int>();
        foreach (string name in unexpected)
        {
            string? ending = Endings(name).FirstOrDefault(e => byEnding.GetValueOrDefault(e) is not null);
            if (ending is not null && byEnding[ending] is { } own && own != name)
            {
                (string, string) pair = (name[..^ending.Length], own[..^ending.Length]);
                pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
            }
        }

        if (pairs.Count == 0)
        {
            return null;
        }

        ((string found, string expected), int count) = pairs.MaxBy(pair => pair.Value);
        return count > 1 && count * 2 >= Math.Min(missing.Count, unexpected.Count) ? (found, expected, count) : null;
    }

    /// <summary>The name and what remains of it without its first parts, two parts at least.</summary>
    private static IEnumerable<string> Endings(string name)
    {
        int last = name.LastIndexOf('.');
        for (int begin = 0; begin <= last; begin = name.IndexOf('.', begin) + 1)
        {
            yield return name[begin..];
        }
    }

    private static string InFront(string prefix) => prefix.Length == 0 ? "nothing" : $"'{Cut(prefix)}'";

    private static string Cut(string text) => text.Length <= 100 ? text : text[..100] + "..";
}
