using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using ProSaas.Api.Http;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

internal static class ConversationsRegistration
{
    public static void AddConversations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConversationOptions>().BindConfiguration(ConversationOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ConversationOptions>, ConversationOptionsValidator>();
        builder.Services.AddValidator<ConversationListRequest, ConversationListRequest.Validator>();
        builder.Services.Configure<OpenApiOptions>(OpenApiDescription.Name, options => options.AddEnumParameter<AgentChannel>("channel"));
        builder.Services.AddSingleton<TurnStore>();
        builder.Services.AddSingleton<TurnSignals>();
        builder.Services.AddSingleton<LeaseRenewal>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LeaseRenewal>());
        builder.Services.AddSingleton<ConversationTurns>();
        builder.Services.AddSingleton<ConversationRetention>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ConversationRetention>());
    }

    public static void MapConversations(this WebApplication app)
    {
        var business = app.MapGroup("/api/businesses/{businessId:long:min(1)}").WithTags("Conversations").KeepOutOfCaches();
        business.MapConversations();
        business.MapContacts();
    }
}
