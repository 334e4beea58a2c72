using Microsoft.Extensions.Options;
using ProSaas.Api.Requests;

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
        builder.Services.AddSingleton<ConversationTurns>();
        builder.Services.AddSingleton<ConversationRetention>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ConversationRetention>());
    }

    public static void MapConversations(this WebApplication app)
    {
        var business = app.MapGroup("/api/businesses/{businessId:long:min(1)}").WithTags("Conversations").KeepOutOfCaches()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
        business.MapConversations();
        business.MapContacts();
    }
}
