namespace ProSaas.ServiceDefaults.Configuration;

/// <summary>A setting that stops the process: names the setting, its value and what is allowed.</summary>
/// <param name="setting">The configuration key, for instance <c>Startup:MigrationTimeout</c>.</param>
/// <param name="value">The value found, already masked when it is a secret; null when the setting is missing.</param>
/// <param name="allowed">What would be accepted.</param>
public sealed class ConfigurationException(string setting, string? value, string allowed)
    : Exception($"{setting} is {(value is null ? "not set" : $"'{value}'")}. Allowed: {allowed}.");
