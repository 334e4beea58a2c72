using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>
/// Whether this process runs in production, decided once, before its host is built. The host environment <c>Production</c> or
/// <c>Staging</c>, or any of <c>ENV=production</c>, <c>FLASK_ENV=production</c>, <c>PRODUCTION=1</c> or <c>true</c>, makes it
/// production; nothing turns that off.
/// </summary>
/// <param name="EnvironmentName">The environment name to give to the host's builder, so that no variable changes it afterwards.</param>
/// <param name="IsProduction">Whether production's rules hold.</param>
/// <param name="Contradiction">What to warn about when one sign said production and the environment's name another; else null.</param>
public sealed record ProductionEnvironment(string EnvironmentName, bool IsProduction, string? Contradiction)
{
    /// <summary>Whether this is a developer's machine, where the seed is written and waited for.</summary>
    public bool IsDevelopment => Is(EnvironmentName, Environments.Development);

    /// <summary>
    /// Decides from the command line and the environment, by the host's own precedence: <c>--environment</c>, then
    /// <c>DOTNET_ENVIRONMENT</c>, then <c>ASPNETCORE_ENVIRONMENT</c>, else <c>Production</c>.
    /// </summary>
    /// <param name="args">The command line.</param>
    public static ProductionEnvironment Resolve(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables("DOTNET_")
            .AddCommandLine(args)
            .Build();
        return Resolve(configuration[HostDefaults.EnvironmentKey], Environment.GetEnvironmentVariable);
    }

    internal static ProductionEnvironment Resolve(string? environmentName, Func<string, string?> variable)
    {
        var name = string.IsNullOrWhiteSpace(environmentName) ? Environments.Production : environmentName.Trim();
        if (Is(name, Environments.Staging))
        {
            return new(Environments.Staging, IsProduction: true, null);
        }

        if (Is(name, Environments.Production))
        {
            return new(Environments.Production, IsProduction: true, null);
        }

        var sign = Sign("ENV", "production") ?? Sign("FLASK_ENV", "production") ?? Sign("PRODUCTION", "1", "true");
        return sign is null
            ? new(name, IsProduction: false, null)
            : new(Environments.Production, IsProduction: true, $"{sign} makes this production, though the environment is named '{name}'");

        string? Sign(string key, params string[] values) =>
            variable(key)?.Trim() is { } value && values.Any(wanted => Is(value, wanted)) ? $"{key}={value}" : null;
    }

    private static bool Is(string value, string wanted) => string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);
}
