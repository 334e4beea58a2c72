namespace ProSaas.Data.Accounts;

/// <summary>That an account belongs to a business, and as what.</summary>
public sealed class BusinessMember
{
    public required long BusinessId { get; init; }

    public required long AccountId { get; init; }

    public required BusinessRole Role { get; set; }
}
