using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts;

/// <summary>
/// Who sent the request, as the database says now. Injected where the endpoint has <c>RequireAccount</c>
/// or <c>RequireSystemAdmin</c>.
/// </summary>
/// <param name="Id">Key of the account.</param>
/// <param name="Email">As it was given when the account was made.</param>
/// <param name="Name">What people call them, if anybody said.</param>
/// <param name="IsSystemAdmin">Whether they administer the platform, all businesses included.</param>
/// <param name="Memberships">Their role by the key of each business they belong to.</param>
/// <param name="SessionId">The login that the request belongs to.</param>
public sealed record CurrentAccount(
    long Id, string Email, string? Name, bool IsSystemAdmin, IReadOnlyDictionary<long, BusinessRole> Memberships, Guid SessionId)
{
    public bool IsMemberOf(long businessId) => Memberships.ContainsKey(businessId);

    public bool IsOwnerOf(long businessId) => Memberships.TryGetValue(businessId, out var role) && role is BusinessRole.Owner;
}
