using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace RlhfV.Extensions.AI;

/// <summary>
/// The options that a client and its model start with. Read once for both, when the host starts: either is made later, when the configuration
/// may have become invalid, or name another model than the one that the client speaks of.
/// </summary>
internal sealed class OptionsAtStart
{
    private readonly IChangeToken[] _changes;

    /// <summary>Reads the options.</summary>
    /// <param name="monitor">Reads and validates.</param>
    /// <param name="sources">What tells of changes.</param>
    /// <param name="name">The options' name.</param>
    /// <exception cref="OptionsValidationException">The options are invalid.</exception>
    public OptionsAtStart(
        IOptionsMonitor<RlhfVChatClientOptions> monitor, IEnumerable<IOptionsChangeTokenSource<RlhfVChatClientOptions>> sources, string name)
    {
        // Before the reading: a change in between is told of once too often rather than missed.
        _changes = [.. OptionsReloading.Of(name, sources).Select(source => source.GetChangeToken())];
        Value = monitor.Get(name);
    }

    /// <summary>Valid options; not changed.</summary>
    public RlhfVChatClientOptions Value { get; }

    /// <summary>Whether the configuration has changed since.</summary>
    public bool HaveChanged => _changes.Any(change => change.HasChanged);
}
