using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace RlhfV.Extensions.AI;

/// <summary>
/// Hands changed options on, and what is wrong with them as well: an options monitor throws at whoever changed the configuration, which for a
/// watched file is nobody.
/// </summary>
internal sealed class OptionsReloading : IDisposable
{
    private readonly IOptionsFactory<RlhfVChatClientOptions> _factory;
    private readonly string _name;
    private readonly Action<RlhfVChatClientOptions> _changed;
    private readonly Action<Exception> _refused;
    private readonly IDisposable[] _subscriptions;

    /// <summary>Starts to listen.</summary>
    /// <param name="sources">What tells of changes.</param>
    /// <param name="factory">Reads and validates options.</param>
    /// <param name="name">The options' name.</param>
    /// <param name="changed">Is given valid options.</param>
    /// <param name="refused">Is told why changed options cannot be used.</param>
    public OptionsReloading(
        IEnumerable<IOptionsChangeTokenSource<RlhfVChatClientOptions>> sources,
        IOptionsFactory<RlhfVChatClientOptions> factory,
        string name,
        Action<RlhfVChatClientOptions> changed,
        Action<Exception> refused)
    {
        (_factory, _name, _changed, _refused) = (factory, name, changed, refused);
        _subscriptions = [.. Of(name, sources).Select(source => ChangeToken.OnChange(source.GetChangeToken, Read))];
    }

    /// <summary>The sources that tell of changes to the options of a name.</summary>
    public static IEnumerable<IOptionsChangeTokenSource<RlhfVChatClientOptions>> Of(
        string name, IEnumerable<IOptionsChangeTokenSource<RlhfVChatClientOptions>> sources) =>
        sources.Where(source => (source.Name ?? Options.DefaultName) == name);

    public void Dispose()
    {
        foreach (IDisposable subscription in _subscriptions)
            subscription.Dispose();
    }

    /// <summary>Reads the options and hands them on, or what is wrong with them.</summary>
    public void Read()
    {
        RlhfVChatClientOptions options;
        try
        {
            options = _factory.Create(_name);
        }
        catch (Exception problem)
        {
            // Binding and an application's own configuring throw what they like; all of it means that there are no new options.
            _refused(problem);
            return;
        }

        _changed(options);
    }
}
