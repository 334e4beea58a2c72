using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Accounts;
using ProSaas.Api.Budgets;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

internal static class BusinessListEndpoint
{
    private const int MinDigits = 3;

    public static void MapBusinessList(this RouteGroupBuilder businesses) =>
        businesses.MapGet("/", ListAsync).RequireAccount().WithValidation<BusinessListRequest>().WithBudget(RequestKind.List);

    /// <summary>The account's businesses in order of their ids, all of them for an administrator of the platform.</summary>
    private static async Task<Ok<Page<BusinessSummary>>> ListAsync(
        [AsParameters] BusinessListRequest page, CurrentAccount account, UnitOfWork unit, CancellationToken cancellationToken)
    {
        var after = page.After ?? 0;

        // Row-level security shows one business at a time; a list over several is the system's, bounded by the memberships.
        var rows = await unit.AsSystemAsync("business list", (context, token) =>
        {
            var query = context.Businesses.Where(business => business.Id > after);
            if (!account.IsSystemAdmin)
            {
                var own = account.Memberships.Keys.ToArray();
                query = query.Where(business => own.Contains(business.Id));
            }

            return Search(query, page.Search?.Trim() ?? "")
                .OrderBy(business => business.Id).Take(page.Rows).Select(BusinessSummary.Of).ToListAsync(token);
        }, cancellationToken);
        return TypedResults.Ok(page.ToPage(rows, row => row.Id, row => row));
    }

    private static IQueryable<Business> Search(IQueryable<Business> businesses, string text)
    {
        if (text.Length == 0)
        {
            return businesses;
        }

        var name = $"%{Escape(text)}%";
        if (Digits(text) is not { } digits)
        {
            return businesses.Where(business => EF.Functions.ILike(business.Name, name, "\\"));
        }

        return businesses.Where(business => EF.Functions.ILike(business.Name, name, "\\")
            || business.PhoneE164!.Contains(digits)
            || business.WhatsappNumber!.Contains(digits));
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    /// <summary>
    /// What a number written any way shares with its E.164 form: its digits, without the zeros of a
    /// national or international prefix.
    /// </summary>
    private static string? Digits(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit)).TrimStart('0');
        return digits.Length >= MinDigits && text.All(character =>
            char.IsAsciiDigit(character) || character is '+' or '-' or ' ' or '(' or ')' or '.' or '/') ? digits : null;
    }
}
