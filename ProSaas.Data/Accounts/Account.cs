using Microsoft.AspNetCore.Identity;

namespace ProSaas.Data.Accounts;

/// <summary>Somebody who logs in. What of a business they may see is in their <see cref="BusinessMember"/> rows.</summary>
public sealed class Account : IdentityUser<long>
{
    /// <summary>The person's name; null when it is not known.</summary>
    public string? Name { get; set; }

    /// <summary>Whether they administer the platform: all businesses and all accounts.</summary>
    public bool IsSystemAdmin { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when they are locked out for good, sessions and tokens included; null for an account in use.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}
