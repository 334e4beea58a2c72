using System.Security.Cryptography;
using System.Text;

namespace ProSaas.Api.Http;

/// <summary>
/// What was done or refused and belongs to no business's audit, as log lines of one category with stable event ids. Who and where from
/// are named values: the key of the account, and the network by <see cref="ClientNetwork"/>.
/// </summary>
internal sealed partial class AuditLog(ILogger<AuditLog> logger)
{
    [LoggerMessage(800, LogLevel.Information, "Account {Account} logged in, from {Network}")]
    public partial void LoggedIn(long account, string network);

    /// <param name="address">As <see cref="HashOf"/> gives it: what strangers type is in no log, nor whether an account has it.</param>
    [LoggerMessage(801, LogLevel.Warning, "Login failed: wrong e-mail address or password (address {Address}, from {Network})")]
    public partial void LoginFailed(string address, string network);

    /// <inheritdoc cref="LoginFailed"/>
    [LoggerMessage(802, LogLevel.Warning,
        "Login refused: too many attempts with one e-mail address (address {Address}, from {Network})")]
    public partial void LoginLimited(string address, string network);

    [LoggerMessage(803, LogLevel.Warning, "Refused: too many requests of one client to {Path} (from {Network})")]
    public partial void ClientLimited(string path, string network);

    [LoggerMessage(804, LogLevel.Warning, "Login refused: account {Account} is disabled (from {Network})")]
    public partial void LoginOfDisabled(long account, string network);

    [LoggerMessage(805, LogLevel.Information, "Account {Account} was made by account {Administrator}, from {Network}")]
    public partial void AccountMade(long account, long administrator, string network);

    [LoggerMessage(806, LogLevel.Information, "Account {Account} was disabled by account {Administrator}, from {Network}")]
    public partial void AccountDisabled(long account, long administrator, string network);

    [LoggerMessage(807, LogLevel.Information, "Account {Account} was enabled by account {Administrator}, from {Network}")]
    public partial void AccountEnabled(long account, long administrator, string network);

    [LoggerMessage(808, LogLevel.Information, "Account {Account} was erased by account {Administrator}, from {Network}")]
    public partial void AccountErased(long account, long administrator, string network);

    [LoggerMessage(809, LogLevel.Information, "Account {Account} has a new password; its other sessions have ended (from {Network})")]
    public partial void PasswordChanged(long account, string network);

    [LoggerMessage(810, LogLevel.Information, "Account {Account} was made as administrator with the set-up code, from {Network}")]
    public partial void AdministratorSetUp(long account, string network);

    [LoggerMessage(811, LogLevel.Information, "Business {Business} was erased by account {Administrator}, from {Network}")]
    public partial void BusinessErased(long business, long administrator, string network);

    /// <summary>Refused for want of rights.</summary>
    /// <param name="account">Null where the request has none.</param>
    public void Refused(HttpContext context, long? account, int status) => Refused(
        context.Request.Method,
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown path",
        status,
        account,
        ClientNetwork.Of(context));

    /// <summary>The same for the same e-mail address, as far as case goes, and not the address.</summary>
    public static string HashOf(string email) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(email.Trim().ToUpperInvariant())), 0, 6);

    [LoggerMessage(812, LogLevel.Information, "Not allowed: {Method} {Path} was answered {Status} to account {Account}, from {Network}")]
    private partial void Refused(string method, string path, int status, long? account, string network);
}
