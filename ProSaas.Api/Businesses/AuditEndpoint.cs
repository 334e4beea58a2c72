using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Budgets;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Auditing;

namespace ProSaas.Api.Businesses;

internal static class AuditEndpoint
{
    public static void MapAudit(this RouteGroupBuilder business) =>
        business.MapGet("/audit", ListAsync).RequireBusinessOwner().WithValidation<PageRequest>().WithBudget(RequestKind.List);

    /// <summary>What was changed, the latest first.</summary>
    private static async Task<Ok<Page<AuditEntryResponse>>> ListAsync(
        long businessId, [AsParameters] PageRequest page, UnitOfWork unit, CancellationToken cancellationToken)
    {
        var before = page.After ?? long.MaxValue;
        var entries = await unit.ForBusinessAsync(businessId, (context, token) =>
            context.AuditEntries.AsNoTracking()
                .Where(entry => entry.BusinessId == businessId && entry.Id < before)
                .OrderByDescending(entry => entry.Id)
                .Take(page.Rows)
                .ToListAsync(token), cancellationToken);
        return TypedResults.Ok(page.ToPage(entries, entry => entry.Id, AuditEntryResponse.Of));
    }
}

/// <summary>A change to a business, its FAQ or its members.</summary>
/// <param name="Action"><c>business.updated</c>, <c>faq_entry.created</c>, <c>business_member.deleted</c> and the like.</param>
/// <param name="SubjectId">Id of what was changed: the business, the FAQ entry, the member's account.</param>
/// <param name="AccountId">Who changed it.</param>
/// <param name="Before">The changed members as they were; null for something new.</param>
/// <param name="After">The changed members as they became; null for something removed.</param>
internal sealed record AuditEntryResponse(
    long Id,
    DateTimeOffset At,
    string Action,
    long SubjectId,
    long AccountId,
    string AccountEmail,
    string? ClientAddress,
    JsonElement? Before,
    JsonElement? After)
{
    public static AuditEntryResponse Of(AuditEntry entry) => new(
        entry.Id,
        entry.At,
        entry.Action,
        entry.SubjectId,
        entry.AccountId,
        entry.AccountEmail,
        entry.ClientAddress?.ToString(),
        Json(entry.Before),
        Json(entry.After));

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
