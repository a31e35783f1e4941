using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RlhfV.Extensions.AI;
using RlhfV.Extensions.AI.WarmUp;
using RlhfV.Extensions.AI.Worker;
using RlhfV.Models;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers local vision-language models as chat clients.</summary>
public static class RlhfVChatClientServiceCollectionExtensions
{
    /// <summary>Registers the default <see cref="IChatClient"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder to put middleware around the client.</returns>
    /// <remarks>
    /// Options are validated when the host starts. The model is loaded by the worker when the first request comes: as the
    /// <see cref="VisionLanguageModel"/> of the container, which loads it once and which an application may register itself before. When the
    /// configuration changes and the new options are valid, they hold for the requests that follow.
    /// </remarks>
    public static ChatClientBuilder AddRlhfVChatClient(this IServiceCollection services, Action<RlhfVChatClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        AddOptions(services, Options.Options.DefaultName).Configure(configure);
        return AddDefault(services);
    }

    /// <summary>Registers the default <see cref="IChatClient"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section with the options, by convention <see cref="RlhfVChatClientOptions.SectionName"/>.</param>
    /// <returns>A builder to put middleware around the client.</returns>
    /// <remarks><inheritdoc cref="AddRlhfVChatClient(IServiceCollection, Action{RlhfVChatClientOptions})" path="/remarks"/></remarks>
    public static ChatClientBuilder AddRlhfVChatClient(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        AddOptions(services, Options.Options.DefaultName).Bind(section);
        return AddDefault(services);
    }

    /// <summary>Registers an <see cref="IChatClient"/> under a key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key, and the name of the options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder to put middleware around the client.</returns>
    /// <remarks>
    /// Options are validated when the host starts. The model is loaded by the worker when the first request comes: as the keyed
    /// <see cref="VisionLanguageModel"/> of the container, which loads it once and which an application may register itself before. When the
    /// configuration changes and the new options are valid, they hold for the requests that follow.
    /// </remarks>
    public static ChatClientBuilder AddRlhfVChatClient(
        this IServiceCollection services, string name, Action<RlhfVChatClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        AddOptions(services, name).Configure(configure);
        return AddKeyed(services, name);
    }

    /// <summary>Registers an <see cref="IChatClient"/> under a key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key, and the name of the options.</param>
    /// <param name="section">
    /// The section with the options, by convention the one of that name below <see cref="RlhfVChatClientOptions.SectionName"/>.
    /// </param>
    /// <returns>A builder to put middleware around the client.</returns>
    /// <remarks><inheritdoc cref="AddRlhfVChatClient(IServiceCollection, string, Action{RlhfVChatClientOptions})" path="/remarks"/></remarks>
    public static ChatClientBuilder AddRlhfVChatClient(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(section);
        AddOptions(services, name).Bind(section);
        return AddKeyed(services, name);
    }

    /// <summary>
    /// Loads the model when the host starts and answers small questions, so that the first request finds everything ready. Without it
    /// the first request waits for the model.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The client's key; null for the default client.</param>
    /// <param name="mode">Whether the host waits for it.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddRlhfVWarmUp(
        this IServiceCollection services, string? name = null, WarmUpMode mode = WarmUpMode.BeforeStart)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton<IHostedService>(provider => new WarmUpService(
            provider, provider.GetRequiredService<ILogger<WarmUpService>>(), name ?? string.Empty, mode));
    }

    private static OptionsBuilder<RlhfVChatClientOptions> AddOptions(IServiceCollection services, string name)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RlhfVChatClientOptions>, OptionsAnnotationsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RlhfVChatClientOptions>, OptionsCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RlhfVChatClientOptions>, ModelFolderValidator>());
        services.TryAddKeyedSingleton(name, (provider, _) => new OptionsAtStart(
            provider.GetRequiredService<IOptionsMonitor<RlhfVChatClientOptions>>(),
            provider.GetServices<IOptionsChangeTokenSource<RlhfVChatClientOptions>>(),
            name));
        services.AddSingleton<IHostedService>(provider => new OptionsReader(provider, name));
        return services.AddOptions<RlhfVChatClientOptions>(name).ValidateOnStart();
    }

    private static ChatClientBuilder AddDefault(IServiceCollection services)
    {
        services.TryAddSingleton(provider => Load(provider, Options.Options.DefaultName));
        return services.AddChatClient(
            provider => Create(provider, Options.Options.DefaultName, provider.GetRequiredService<VisionLanguageModel>));
    }

    private static ChatClientBuilder AddKeyed(IServiceCollection services, string name)
    {
        services.TryAddKeyedSingleton(name, (provider, _) => Load(provider, name));
        return services.AddKeyedChatClient(
            name, provider => Create(provider, name, () => provider.GetRequiredKeyedService<VisionLanguageModel>(name)));
    }

    private static VisionLanguageModel Load(IServiceProvider provider, string name)
    {
        RlhfVChatClientOptions options = provider.GetRequiredKeyedService<OptionsAtStart>(name).Value;
        return VisionLanguageModel.Load(options.ModelPath!, options.LoadOptions);
    }

    // The client takes a reference of its own: the container disposes what it made last first, and that is the model.
    private static RlhfVChatClient Create(IServiceProvider provider, string name, Func<VisionLanguageModel> model)
    {
        OptionsAtStart start = provider.GetRequiredKeyedService<OptionsAtStart>(name);
        RlhfVChatClientOptions options = start.Value;
        var client = new RlhfVChatClient(
            logger => ModelSource.Later(() => model().AddReference(), logger),
            options.ServedModelId,
            options,
            provider.GetService<ILoggerFactory>(),
            provider.GetService<TimeProvider>());
        var reloading = new OptionsReloading(
            provider.GetServices<IOptionsChangeTokenSource<RlhfVChatClientOptions>>(),
            provider.GetRequiredService<IOptionsFactory<RlhfVChatClientOptions>>(),
            name,
            client.Reload,
            client.RefuseReload);
        client.Reloading = reloading;
        if (start.HaveChanged)
            reloading.Read();
        return client;
    }
}
