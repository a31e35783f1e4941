using RlhfV.Models;
using RlhfV.Models.Adapters;
using TorchSharp.Modules;
using Linear = RlhfV.Models.Modules.Linear;

namespace RlhfV.Training.Lora;

/// <summary>
/// The low-rank corrections of a network. While attached, the network computes with them; merged, they are part of its weights.
/// </summary>
public sealed class LoraAdapters : IDisposable
{
    private readonly LoraAdapter[] _adapters;
    private bool _merged, _disposed;

    private LoraAdapters(LoraAdapter[] adapters, LoraOptions options)
    {
        (_adapters, Options) = (adapters, options);
        foreach (LoraAdapter adapter in adapters)
        {
            adapter.Attach(true);
        }
    }

    /// <summary>Rank, scale and targets.</summary>
    public LoraOptions Options { get; }

    /// <summary>Names of the adapted modules, in the network's order.</summary>
    public IReadOnlyList<string> Names => [.. _adapters.Select(adapter => adapter.Name)];

    /// <summary>
    /// The learned matrices: <c>NAME.lora_A.weight</c> <c>[rank, inputs]</c> and <c>NAME.lora_B.weight</c> <c>[outputs, rank]</c>, fp32.
    /// </summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters => _adapters.SelectMany(adapter => new[]
    {
        ($"{adapter.Name}.lora_A.weight", adapter.A),
        ($"{adapter.Name}.lora_B.weight", adapter.B),
    });

    /// <summary>Makes corrections that change nothing yet and attaches them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Rank, scale and targets. Copied.</param>
    /// <param name="seed">Decides the start of the first matrices and what is dropped.</param>
    /// <exception cref="ArgumentException">Options are wrong, no module has such a name, or a module is adapted already.</exception>
    public static LoraAdapters Attach(VisionLanguageNetwork network, LoraOptions options, int seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        OptionsChecks.ThrowIfAny([.. options.Mistakes()], nameof(LoraOptions));
        LoraOptions copy = options.Copy();
        (string Name, Linear Layer)[] linears = [.. Linears(network).Where(l => copy.Parts.Contains(network.PartOf(l.Name)))];
        (string Name, Linear Layer)[] chosen = [.. linears.Where(l => copy.Targets.Any(target => Matches(l.Name, target)))];
        if (chosen.Length == 0)
        {
            IEnumerable<string> known = linears.Select(l => l.Name.Split('.')[^1]).Distinct();
            throw new ArgumentException(
                $"No module of {string.Join(", ", copy.Parts)} is named {string.Join(", ", copy.Targets)}; "
                + $"there are {string.Join(", ", known)}.", nameof(options));
        }

        return Make(chosen, copy, seed);
    }

    /// <summary>Reads corrections in PEFT's layout and attaches them.</summary>
    /// <param name="network">The network they were learned for.</param>
    /// <param name="folder">Folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="ModelFormatException">A file is damaged, asks for what is not supported, or does not fit the network.</exception>
    public static LoraAdapters Load(VisionLanguageNetwork network, string folder)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using PeftAdapter files = PeftAdapter.Open(folder, network);
        files.RequireSameWeights(network);
        (string, Linear)[] chosen = [.. Linears(network).Where(l => files.Modules.Contains(l.Name))];
        PeftSettings settings = files.Settings;
        var options = new LoraOptions { Rank = settings.Rank, Alpha = settings.Alpha, Dropout = settings.Dropout };
        LoraAdapters adapters = Make(chosen, options, seed: 0);
        try
        {
            foreach (LoraAdapter adapter in adapters._adapters)
            {
                files.Read(adapter.Name, adapter.A, adapter.B);
            }

            return adapters;
        }
        catch
        {
            adapters.Dispose();
            throw;
        }
    }

    /// <summary>Writes the corrections in PEFT's layout, whole or not at all; Python's peft reads it.</summary>
    /// <param name="folder">Target folder; made if it does not exist.</param>
    /// <param name="baseModel">Name or path of the base model that <c>adapter_config.json</c> shall mention.</param>
    /// <exception cref="ObjectDisposedException">The corrections are disposed.</exception>
    public void Save(string folder, string baseModel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        PeftWriter.Write(folder, baseModel, Options, _adapters.Select(adapter => (adapter.Name, adapter.A, adapter.B)));
    }

    /// <summary>Adds the corrections to the network's weights and detaches them. In 16-bit weights this rounds.</summary>
    /// <exception cref="ObjectDisposedException">The corrections are disposed.</exception>
    public void Merge() => SetMerged(true);

    /// <summary>Takes merged corrections out of the network's weights and attaches them again.</summary>
    /// <exception cref="ObjectDisposedException">The corrections are disposed.</exception>
    public void Unmerge() => SetMerged(false);

    /// <summary>Detaches the corrections and frees them. Merged ones stay in the network's weights.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach (LoraAdapter adapter in _adapters)
        {
            adapter.Dispose();
        }
    }

    /// <summary>Tells the corrections which training pass follows, or with null that none does.</summary>
    internal void SetPass(long? pass)
    {
        foreach (LoraAdapter adapter in _adapters)
        {
            adapter.Pass = pass;
        }
    }

    /// <summary>Whether a module has the name that a target gives: all of it, or its last parts.</summary>
    internal static bool Matches(string name, string target) =>
        name == target || name.EndsWith($".{target}", StringComparison.Ordinal);

    private static LoraAdapters Make((string Name, Linear Layer)[] chosen, LoraOptions options, int seed)
    {
        if (chosen.FirstOrDefault(l => l.Layer.Adapter is not null) is { Name: { } taken })
        {
            throw new ArgumentException($"'{taken}' has an adapter already. Merge or dispose it first.", "network");
        }

        // Mixed with the index, so that equal shapes do not start equal.
        ulong SeedOf(int index) => unchecked((ulong)((seed * 1_000_003L) + index));
        return new([.. chosen.Select((l, i) => new LoraAdapter(l.Name, l.Layer, options, SeedOf(i)))], options);
    }

    private static IEnumerable<(string Name, Linear Layer)> Linears(VisionLanguageNetwork network) =>
        network.named_modules().Where(m => m.module is Linear).Select(m => (m.name, (Linear)m.module));

    private void SetMerged(bool merged)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_merged == merged)
        {
            return;
        }

        foreach (LoraAdapter adapter in _adapters)
        {
            adapter.Attach(!merged);
            adapter.AddToWeight(merged ? 1 : -1);
        }

        _merged = merged;
    }
}
