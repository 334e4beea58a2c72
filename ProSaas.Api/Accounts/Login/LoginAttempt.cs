namespace ProSaas.Api.Accounts.Login;

/// <summary>One attempt to log in as it was counted: the hashes that it is counted under.</summary>
/// <param name="ByAddress">Of the e-mail address: attempts from all networks that are not known.</param>
/// <param name="BySource">Of the address and the device, session or network.</param>
/// <param name="ByNetwork">Of the address and the network.</param>
/// <param name="IsKnown">Whether the account has logged in from there before.</param>
/// <param name="Wait">How long it is too early; null when the password may be checked.</param>
internal sealed record LoginAttempt(byte[] ByAddress, byte[] BySource, byte[] ByNetwork, bool IsKnown, TimeSpan? Wait);
