namespace ProSaas.Data.Accounts;

/// <summary>One login, of a browser or a program. It ends when its row goes, on every replica at once.</summary>
public sealed class AccountSession
{
    /// <summary>Random; stands in the cookie or the token.</summary>
    public required Guid Id { get; init; }

    public required long AccountId { get; init; }

    public Account? Account { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Ends the session unless it is used before; moves with use, never past <see cref="EndsAt"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Ends the session, used or not.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}
