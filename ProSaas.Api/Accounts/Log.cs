namespace ProSaas.Api.Accounts;

internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "Account {Account} logged in")]
    public static partial void LoggedIn(ILogger logger, long account);

    [LoggerMessage(501, LogLevel.Warning, "Login failed: wrong e-mail address or password (account {Account})")]
    public static partial void LoginFailed(ILogger logger, long? account);

    [LoggerMessage(502, LogLevel.Warning, "Login refused: too many attempts with one e-mail address (account {Account})")]
    public static partial void LoginLocked(ILogger logger, long? account);

    [LoggerMessage(503, LogLevel.Warning, "Login refused: account {Account} is disabled")]
    public static partial void LoginOfDisabled(ILogger logger, long account);

    [LoggerMessage(504, LogLevel.Warning, "Login refused: too many passwords are being hashed already")]
    public static partial void TooManyHashes(ILogger logger);
}
