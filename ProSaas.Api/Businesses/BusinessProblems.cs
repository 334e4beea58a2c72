using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ProSaas.Api.Http;

namespace ProSaas.Api.Businesses;

internal static class BusinessProblems
{
    public static ProblemHttpResult OwnersOnly() =>
        ProblemTypes.OwnersOnly.Because("You are a member of this business; its owners decide this. Ask one of them.");

    public static ProblemHttpResult LastOwner() =>
        ProblemTypes.LastOwner.Because("A business has at least one owner. Make another member an owner first.");

    /// <summary>A telephone number leads to one business: the second that claims it is refused. Null when the failure is another.</summary>
    public static ProblemHttpResult? NumberTaken(DbUpdateException failure) => (failure.InnerException as PostgresException) switch
    {
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ix_businesses_phone_e164" } => NumberTaken("phone"),
        { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "ix_businesses_whatsapp_number" } => NumberTaken("whatsappNumber"),
        _ => null,
    };

    private static ProblemHttpResult NumberTaken(string field) =>
        ProblemTypes.NumberTaken.Because($"Another business has the number given as {field}. Use another, or have that one release it.");
}
