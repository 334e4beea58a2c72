using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ProSaas.Api.Agents.Providers;
using ProSaas.Api.Conversations;
using ProSaas.Api.Http;
using ProSaas.ServiceDefaults.Configuration;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

internal static class AgentsRegistration
{
    /// <exception cref="ConfigurationException">A setting of the provider is missing or wrong.</exception>
    public static void AddAgents(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AgentOptions>().BindConfiguration(AgentOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AgentOptions>, AgentOptionsValidator>();
        builder.Services.AddOptions<AgentWarmupOptions>().BindConfiguration(AgentWarmupOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AgentWarmupOptions>, AgentWarmupOptionsValidator>();

        builder.Services.AddValidator<MessageRequest, MessageRequest.Validator>();
        builder.AddProvider();
        builder.Services.AddSingleton<AgentTelemetry>();
        builder.Services.AddSingleton<AgentFactory>();
        builder.Services.AddSingleton<AgentCache>();
        builder.Services.AddSingleton<AgentSource>();
        builder.Services.AddSingleton<AgentRunner>();
        builder.Services.AddSingleton<CustomerReplies>();
        builder.Services.AddSingleton(services => new CustomerAgents(services.GetRequiredService<ConversationTurns>(), services.GetRequiredService<CustomerReplies>()));

        builder.Services.AddSingleton<WarmupProgress>();
        builder.Services.AddSingleton<BusinessWarmer>();
        builder.Services.AddSingleton<ReplyRehearsal>();
        builder.Services.AddSingleton<AgentRefresh>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AgentRefresh>());
        builder.Services.AddHostedService<AgentChangeListener>();
        builder.Services.AddStartupPhase<AgentWarmup>();

        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(AgentTelemetry.Name));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(AgentTelemetry.Name));
    }

    private static void AddProvider(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ProviderSettings.Read(builder.Configuration));
        builder.Services.AddSingleton<ProviderHttp>();
        builder.Services.AddSingleton<ProviderConnection>();
        builder.Services.AddSingleton<EmbeddedAnswerer>();
        builder.Services.AddSingleton<ChatPipeline>();
        builder.Services.AddSingleton<IChatClient>(provider => provider.GetRequiredService<ChatPipeline>().Build(
            provider.GetRequiredService<EmbeddedAnswerer>(), provider.GetRequiredService<ProviderHttp>().Client));
    }
}
