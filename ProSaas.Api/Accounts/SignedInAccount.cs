namespace ProSaas.Api.Accounts;

/// <summary>Where authentication leaves its result for the rest of the request.</summary>
internal sealed class SignedInAccount
{
    public CurrentAccount? Account { get; private set; }

    /// <summary>Whether a browser may have sent the request without its user's will.</summary>
    public bool ByCookie { get; private set; }

    public void Set(CurrentAccount account, bool byCookie) => (Account, ByCookie) = (account, byCookie);
}
