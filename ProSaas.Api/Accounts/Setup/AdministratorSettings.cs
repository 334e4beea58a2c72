using ProSaas.Api.Accounts.Passwords;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Accounts.Setup;

/// <summary>The first administrator as an operator names them: <c>ADMIN_EMAIL</c> and <c>ADMIN_PASSWORD</c>, both or none.</summary>
internal sealed record AdministratorSettings(string? Email, string? Password)
{
    public const string EmailKey = "ADMIN_EMAIL";
    public const string PasswordKey = "ADMIN_PASSWORD";

    /// <exception cref="ConfigurationException">Only one of them is set.</exception>
    public static AdministratorSettings Read(IConfiguration configuration) =>
        (Value(configuration, EmailKey), Value(configuration, PasswordKey)) switch
        {
            (null, null) => new AdministratorSettings(null, null),
            ({ } email, { } password) => new AdministratorSettings(email, password),
            (null, _) => throw new ConfigurationException(EmailKey, value: null, $"an e-mail address, or no {PasswordKey} either"),
            (_, null) => throw new ConfigurationException(
                PasswordKey, value: null, $"a password of at least {PasswordPolicy.MinLength} characters, or no {EmailKey} either"),
        };

    private static string? Value(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } value ? value : null;
}
