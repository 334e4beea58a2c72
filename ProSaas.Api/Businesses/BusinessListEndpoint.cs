using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Accounts;
using ProSaas.Api.Requests;
using ProSaas.Data;
using ProSaas.Data.Businesses;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Businesses;

internal static class BusinessListEndpoint
{
    private const int MaxSearch = 100;
    private const int MinDigits = 3;

    public static void MapBusinessList(this RouteGroupBuilder businesses) => businesses.MapGet("/", ListAsync).RequireAccount();

    /// <summary>The account's businesses in order of their ids, all of them for an administrator of the platform.</summary>
    private static async Task<Results<Ok<Page<BusinessSummary>>, ProblemHttpResult>> ListAsync(
        [FromQuery, Description("A part of the name or of a telephone number.")] string? search,
        [AsParameters] PageRequest page,
        CurrentAccount account,
        UnitOfWork unit,
        CancellationToken ct)
    {
        if (!page.TryRead(out var after, out var limit, out var refusal))
        {
            return refusal;
        }

        var text = search?.Trim() ?? "";
        if (text.Length > MaxSearch || text.Any(char.IsControl))
        {
            return Problem.Of(StatusCodes.Status400BadRequest, "invalid-search", "The search is not valid", $"search has at most {MaxSearch} characters, none of them a control character.");
        }

        // Row-level security shows one business at a time; a list over several is the system's, bounded by the memberships.
        var rows = await unit.AsSystemAsync("business list", (context, token) =>
        {
            var query = context.Businesses.Where(business => business.Id > (after ?? 0));
            if (!account.IsSystemAdmin)
            {
                var own = account.Memberships.Keys.ToArray();
                query = query.Where(business => own.Contains(business.Id));
            }

            return Search(query, text).OrderBy(business => business.Id).Take(limit + 1).Select(BusinessSummary.Of).ToListAsync(token);
        }, ct);
        return TypedResults.Ok(PageRequest.ToPage(rows, limit, row => row.Id, row => row));
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
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    /// <summary>What a number written any way shares with its E.164 form: its digits, without the zeros of a national or international prefix.</summary>
    private static string? Digits(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit)).TrimStart('0');
        return digits.Length >= MinDigits && text.All(character => char.IsAsciiDigit(character) || character is '+' or '-' or ' ' or '(' or ')' or '.' or '/') ? digits : null;
    }
}
