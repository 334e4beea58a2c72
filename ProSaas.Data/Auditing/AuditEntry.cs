using System.Net;

namespace ProSaas.Data.Auditing;

/// <summary>A change to a business's data: who made it, when and from where, and the values before and after.</summary>
public sealed class AuditEntry
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    /// <summary>Key of the account that made the change. It may have been removed since.</summary>
    public required long AccountId { get; init; }

    /// <summary>The account's e-mail address at the time; <c>account 7</c> when the account has been erased.</summary>
    public required string AccountEmail { get; init; }

    /// <summary>The client's address; null when it was not known.</summary>
    public IPAddress? ClientAddress { get; init; }

    /// <summary>What was done to what: <c>business.updated</c>, <c>faq_entry.created</c>, <c>business_member.deleted</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Key of what was changed, of the kind that <see cref="Action"/> names.</summary>
    public required long SubjectId { get; init; }

    /// <summary>JSON object of the changed members as they were; null for something new.</summary>
    public string? Before { get; init; }

    /// <summary>JSON object of the changed members as they became; null for something removed.</summary>
    public string? After { get; init; }

    /// <summary>Start of the transaction that made the change, UTC, by the database's clock.</summary>
    public DateTimeOffset At { get; private set; }
}
