using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

internal static class AgentsRegistration
{
    public static void AddAgents(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AgentWarmupOptions>().BindConfiguration(AgentWarmupOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AgentWarmupOptions>, AgentWarmupOptionsValidator>();
        builder.Services.AddSingleton<IChatClient, EmbeddedAnswerer>();
        builder.Services.AddSingleton<AgentFactory>();
        builder.Services.AddSingleton<AgentCache>();
        builder.Services.AddSingleton<WarmupProgress>();
        builder.Services.AddSingleton<WarmupSource>();
        builder.Services.AddSingleton<BusinessWarmer>();
        builder.Services.AddSingleton<ColdAgentRetry>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ColdAgentRetry>());
        builder.Services.AddStartupPhase<AgentWarmup>();
    }
}
