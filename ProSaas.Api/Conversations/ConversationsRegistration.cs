using Microsoft.Extensions.Options;

namespace ProSaas.Api.Conversations;

internal static class ConversationsRegistration
{
    public static void AddConversations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConversationOptions>().BindConfiguration(ConversationOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ConversationOptions>, ConversationOptionsValidator>();
        builder.Services.AddSingleton<TurnStore>();
        builder.Services.AddSingleton<TurnSignals>();
        builder.Services.AddSingleton<LeaseRenewal>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LeaseRenewal>());
        builder.Services.AddSingleton(provider => new ConversationTurns(
            provider.GetRequiredService<TurnStore>(),
            provider.GetRequiredService<TurnSignals>(),
            provider.GetRequiredService<LeaseRenewal>(),
            provider.GetRequiredService<IOptions<ConversationOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConversationTurns>>()));
    }
}
