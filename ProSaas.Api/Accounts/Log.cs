namespace ProSaas.Api.Accounts;

internal static partial class Log
{
    [LoggerMessage(504, LogLevel.Warning, "Refused: too many passwords are being hashed already")]
    public static partial void TooManyHashes(ILogger logger);

    [LoggerMessage(506, LogLevel.Warning, "A used refresh token came again: somebody has a copy. Session {Session} has ended")]
    public static partial void RefreshTokenReused(ILogger logger, Guid session);

    [LoggerMessage(509, LogLevel.Information,
        "Tidied accounts: {Rows} sessions, codes, failures and networks that had expired were removed")]
    public static partial void Tidied(ILogger logger, int rows);

    [LoggerMessage(510, LogLevel.Warning, "Accounts could not be tidied; next try in an hour")]
    public static partial void TidyingFailed(ILogger logger, Exception exception);

    [LoggerMessage(520, LogLevel.Information, "Account {Account} was made as the administrator that {Setting} names")]
    public static partial void AdministratorAdded(ILogger logger, long? account, string setting);

    [LoggerMessage(521, LogLevel.Error, "{Setting} is refused: {Fault}")]
    public static partial void AdministratorRefused(ILogger logger, string setting, string fault);

    [LoggerMessage(522, LogLevel.Warning,
        "There is no administrator yet. One-time set-up code, good for an hour: {Code} (POST /api/auth/setup with code, email and password)")]
    public static partial void SetupCode(ILogger logger, string code);

    [LoggerMessage(523, LogLevel.Warning,
        "There is no administrator yet, and a set-up code was printed less than an hour ago. If it is lost, restart in an hour or set ADMIN_EMAIL and ADMIN_PASSWORD")]
    public static partial void SetupCodePrintedBefore(ILogger logger);

    [LoggerMessage(525, LogLevel.Warning,
        "Development accounts, made in development only: {Administrator}, {Owner} and {Member}, each with the password '{Password}'")]
    public static partial void DevelopmentAccounts(ILogger logger, string administrator, string owner, string member, string password);

    [LoggerMessage(526, LogLevel.Warning, "The first accounts could not be made; next try in 5 s")]
    public static partial void FirstAccountsFailed(ILogger logger, Exception exception);

    [LoggerMessage(527, LogLevel.Warning,
        "DATA_PROTECTION_SECRET is not set: the keys of sessions stand readable in the database and its backups. Set it to the output of: openssl rand -hex 32")]
    public static partial void NoKeySecret(ILogger logger);

    [LoggerMessage(528, LogLevel.Error,
        "DATA_PROTECTION_SECRET {Fault} the keys of sessions in the database. Set the one they were made with, or end all sessions: DELETE FROM data_protection_keys WHERE xml LIKE '%encryptedSecret%'")]
    public static partial void KeysUnreadable(ILogger logger, string fault);

    [LoggerMessage(529, LogLevel.Warning,
        "{Keys} keys of sessions are from before DATA_PROTECTION_SECRET was set and not encrypted, for 90 days at most. To end them now, and all sessions: DELETE FROM data_protection_keys")]
    public static partial void KeysNotEncrypted(ILogger logger, int keys);
}
