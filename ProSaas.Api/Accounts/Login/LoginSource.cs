using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Login;

/// <summary>Where an attempt to log in comes from.</summary>
/// <param name="Network">The client's, by <see cref="Http.ClientNetwork"/>.</param>
/// <param name="Device">The browser, if it has logged in before.</param>
/// <param name="Session">The session, for somebody who is logged in and shows the password again.</param>
internal sealed record LoginSource(string Network, KnownDevice? Device, Guid? Session = null)
{
    /// <summary>Its name, if the account trusts it whatever its network: a device of the account or a session.</summary>
    public string? FindTrusted(Account? account) =>
        Session is { } session ? $"session {session:N}"
        : Device?.Knows(account) is true ? $"device {Device.Id:N}"
        : null;
}
