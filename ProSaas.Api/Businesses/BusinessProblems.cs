using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Businesses;

internal static class BusinessProblems
{
    /// <summary>Also the answer about another's business, so that nobody learns which exist.</summary>
    public static ProblemHttpResult NotFound(string what) => Problem.Of(
        StatusCodes.Status404NotFound, "not-found", "Not found", $"There is no such {what}, or it is not yours to see.");

    public static ProblemHttpResult OwnersOnly() => Problem.Of(
        StatusCodes.Status403Forbidden, "owners-only", "For owners only", "You are a member of this business; its owners decide this. Ask one of them.");

    public static ProblemHttpResult FaqFull(int maxEntries) => Problem.Of(
        StatusCodes.Status409Conflict, "faq-full", "The FAQ is full", $"A business has at most {maxEntries} entries. Remove one, or write the answer into another.");

    public static ProblemHttpResult AlreadyMember() => Problem.Of(
        StatusCodes.Status409Conflict, "already-member", "Already a member", "The account is a member of this business already. Change its role instead.");

    public static ProblemHttpResult LastOwner() => Problem.Of(
        StatusCodes.Status409Conflict, "last-owner", "The last owner stays", "A business has at least one owner. Make another member an owner first.");

    /// <summary>A telephone number leads to one business: the second that claims it is refused. Null when the failure is another.</summary>
    public static ProblemHttpResult? NumberTaken(DbUpdateException failure) => (failure.InnerException as PostgresException) switch
    {
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ix_businesses_phone_e164" } => NumberTaken("phone"),
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ix_businesses_whatsapp_number" } => NumberTaken("whatsappNumber"),
        _ => null,
    };

    private static ProblemHttpResult NumberTaken(string field) => Problem.Of(
        StatusCodes.Status409Conflict, "number-taken", "The number is taken", $"Another business has the number given as {field}. Use another, or have that one release it.");
}
