using Microsoft.Extensions.Configuration;

namespace ProSaas.ServiceDefaults.Configuration;

/// <summary>
/// How settings are read that have a key of their own and no section: what is empty is not set, and white space around a value
/// is not part of it.
/// </summary>
public static class SettingExtensions
{
    private const string Masked = "***";

    /// <summary>The setting's text; null when it is not set.</summary>
    public static string? GetText(this IConfiguration configuration, string key) =>
        configuration[key]?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Whether a switch is on: <c>1</c> or <c>true</c>, in any case.</summary>
    public static bool IsOn(this IConfiguration configuration, string key) =>
        configuration.GetText(key) is { } text && (text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>The address of a server; null when it is not set.</summary>
    /// <exception cref="ConfigurationException">It is not an HTTP address, or has a user or password in it.</exception>
    public static Uri? GetHttpAddress(this IConfiguration configuration, string key) =>
        configuration.GetText(key) is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length is 0
            ? address
            : throw new ConfigurationException(
                key,
                text.Contains('@', StringComparison.Ordinal) ? Masked : text,
                "an http:// or https:// address without user and password");

    /// <summary>A secret that goes into a header.</summary>
    /// <param name="configuration">Where it is set.</param>
    /// <param name="key">The setting.</param>
    /// <param name="allowed">What it is, for the error.</param>
    /// <param name="minLength">In characters.</param>
    /// <exception cref="ConfigurationException">It is not set, too short, or has characters other than visible ASCII.</exception>
    public static string GetSecret(this IConfiguration configuration, string key, string allowed, int minLength = 1)
    {
        var secret = configuration.GetText(key) ?? throw new ConfigurationException(key, value: null, allowed);
        return secret.Length >= minLength && secret.All(character => character is > ' ' and <= '~')
            ? secret
            : throw new ConfigurationException(key, Masked, allowed);
    }
}
