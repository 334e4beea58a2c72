namespace ProSaas.Api.Accounts;

/// <summary>What a password must be, by OWASP ASVS 5.0, 6.2.</summary>
internal static class PasswordRules
{
    public const int MinLength = 12;
    public const int MaxLength = 128;
}
