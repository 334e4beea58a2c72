using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Businesses;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

internal static class AgentEndpoints
{
    public static void MapAgents(this WebApplication app)
    {
        var agents = app.MapGroup("/api/businesses/{businessId:long:min(1)}/agents").WithTags("Agents").RequireBusinessMember();
        agents.MapGet("/", ListAsync);
        agents.MapMessages();
        app.MapRewarm();
    }

    /// <summary>The agents as the replica that answers has them.</summary>
    private static async Task<Results<Ok<AgentsResponse>, ProblemHttpResult>> ListAsync(
        long businessId, UnitOfWork unit, ProfileCache cache, HttpResponse response, CancellationToken cancellationToken)
    {
        var business = await unit.ForBusinessAsync(businessId, (context, token) => context.Businesses
            .Where(row => row.Id == businessId)
            .Select(row =>
                new { row.AgentVersion, Calls = row.IsActive && row.CallsEnabled, Whatsapp = row.IsActive && row.WhatsappEnabled })
            .SingleOrDefaultAsync(token), cancellationToken);
        if (business is null)
        {
            return Problems.NotFound("business");
        }

        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new AgentsResponse(
            business.AgentVersion, [Describe(AgentChannel.Calls, business.Calls), Describe(AgentChannel.WhatsApp, business.Whatsapp)]));

        AgentResponse Describe(AgentChannel channel, bool isEnabled)
        {
            var profile = isEnabled ? cache.Peek(businessId) : null;
            return new(
                channel,
                isEnabled,
                profile is null ? AgentState.Cold : AgentState.Warm,
                profile?.PreparedAt,
                profile is null ? null : Math.Round(profile.PreparedIn.TotalMilliseconds, 3),
                profile?.Version);
        }
    }
}
