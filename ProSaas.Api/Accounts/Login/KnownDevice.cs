using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Login;

/// <summary>A browser in which accounts have logged in.</summary>
/// <param name="Id">Random.</param>
/// <param name="Accounts">The last ones, the newest first.</param>
internal sealed record KnownDevice(Guid Id, IReadOnlyList<KnownDeviceAccount> Accounts)
{
    /// <summary>So many keep the cookie below the size that browsers take.</summary>
    private const int MaxAccounts = 8;

    public bool Knows(Account? account) =>
        account is not null && Accounts.Any(known => known.Id == account.Id && known.SecurityStamp == account.SecurityStamp);

    public KnownDevice With(long accountId, string securityStamp) => this with
    {
        Accounts = [
            new KnownDeviceAccount(accountId, securityStamp),
            .. Accounts.Where(known => known.Id != accountId).Take(MaxAccounts - 1)],
    };
}

/// <param name="SecurityStamp">The account's when it logged in: with a new password it is another one.</param>
internal sealed record KnownDeviceAccount(long Id, string SecurityStamp);
