using RlhfV.Models.Checkpoints;

namespace RlhfV.Models.Adapters;

/// <summary>Finds the two matrices of every adapted module among an adapter's tensors, and whatever does not fit.</summary>
internal sealed class PeftKeys
{
    private readonly List<string> _misfits = [];
    private readonly Dictionary<string, (string? A, string? B)> _found = [];
    private readonly Dictionary<string, string> _copies = [];

    public PeftKeys(TensorSource source, int rank, IReadOnlyDictionary<string, IReadOnlyList<long>> weights)
    {
        foreach ((string key, TensorInfo tensor) in source.Tensors)
        {
            Add(key, tensor.Shape, rank, weights);
        }

        foreach ((string module, (string? a, string? b)) in _found.Where(f => f.Value.A is null || f.Value.B is null))
        {
            _misfits.Add($"'{module}' has no {(a is null ? "lora_A" : "lora_B")}; expected both matrices of every adapted module");
        }

        if (_found.Count == 0 && _misfits.Count == 0)
        {
            _misfits.Add("there is no tensor; expected lora_A and lora_B of the adapted modules");
        }
    }

    /// <summary>Keys of copies of the model's own weights, by module: PEFT adds them when the output head is adapted.</summary>
    public IReadOnlyDictionary<string, string> Copies => _copies;

    /// <summary>The keys by module.</summary>
    /// <param name="file">The adapter's file, for the message.</param>
    /// <exception cref="ModelFormatException">Something does not fit.</exception>
    public Dictionary<string, (string A, string B)> RequireFit(string file)
    {
        if (_misfits.Count == 0)
        {
            return _found.ToDictionary(f => f.Key, f => (f.Value.A!, f.Value.B!));
        }

        const int Shown = 5;
        string more = _misfits.Count > Shown ? $"; and {_misfits.Count - Shown} more" : string.Empty;
        throw new ModelFormatException(
            $"'{file}' does not fit the model: {string.Join("; ", _misfits.Take(Shown))}{more}. "
            + "The adapter was learned for another model, or r of its settings is not its rank.");
    }

    private void Add(string key, IReadOnlyList<long> shape, int rank, IReadOnlyDictionary<string, IReadOnlyList<long>> weights)
    {
        if (PeftNames.TryReadCopy(key, out string copied) && PeftNames.Find(copied, weights.Keys) is { } own)
        {
            _copies[own] = key;
            Expect(key, shape, weights[own]);
            return;
        }

        if (!PeftNames.TryRead(key, out string name, out string matrix))
        {
            _misfits.Add($"'{key}' is no matrix of plain LoRA; expected base_model.model.MODULE.lora_A.weight or lora_B.weight");
            return;
        }

        if (PeftNames.Find(name, weights.Keys) is not { } module)
        {
            _misfits.Add($"'{key}' belongs to no module of this network");
            return;
        }

        bool first = matrix == "lora_A";
        Expect(key, shape, first ? [rank, weights[module][1]] : [weights[module][0], rank]);
        (string? a, string? b) = _found.GetValueOrDefault(module);
        if ((first ? a : b) is { } taken)
        {
            _misfits.Add($"'{key}' and '{taken}' are the same matrix of '{module}'");
        }

        _found[module] = first ? (key, b) : (a, key);
    }

    private void Expect(string key, IReadOnlyList<long> shape, IReadOnlyList<long> expected)
    {
        if (!shape.SequenceEqual(expected))
        {
            _misfits.Add($"'{key}' has shape [{string.Join(", ", shape)}], expected [{string.Join(", ", expected)}]");
        }
    }
}
