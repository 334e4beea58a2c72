using System.Globalization;
using Npgsql;
using ProSaas.Data.Migrating;
using ProSaas.ServiceDefaults.Configuration;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.MigrationWorker;

/// <summary>Reads the worker's settings; a wrong one ends the process with a line that names it.</summary>
internal static class MigrationSettings
{
    public const string ConnectionKey = "ConnectionStrings:prosaasdb";
    public const string AppPasswordKey = "Database:AppPassword";
    public const string N8nPasswordKey = "Database:N8nPassword";
    public const string AppConnectionsKey = "Database:AppConnections";
    public const string N8nConnectionsKey = "Database:N8nConnections";
    public const string ConnectTimeoutKey = "Migrations:ConnectTimeout";

    private static readonly TimeSpan LongestConnectTimeout = TimeSpan.FromDays(1);

    /// <exception cref="ConfigurationException">A setting is missing or wrong.</exception>
    public static MigratorOptions Read(IConfiguration configuration, ProductionEnvironment environment) => new()
    {
        ConnectionString = ReadConnection(configuration),
        AppPassword = Value(configuration, AppPasswordKey)
            ?? throw new ConfigurationException(AppPasswordKey, null, "the password that the API's database role gets"),
        N8nPassword = Value(configuration, N8nPasswordKey),
        AppConnections = ReadConnections(configuration, AppConnectionsKey),
        N8nConnections = ReadConnections(configuration, N8nConnectionsKey),
        ConnectTimeout = ReadConnectTimeout(configuration),
        Seed = environment.IsDevelopment,
    };

    private static string ReadConnection(IConfiguration configuration)
    {
        const string Allowed = "a connection string of the database's owner with Host and Database";
        var value = Value(configuration, ConnectionKey) ?? throw new ConfigurationException(ConnectionKey, null, Allowed);
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(value);
            if (!string.IsNullOrWhiteSpace(parts.Host) && !string.IsNullOrWhiteSpace(parts.Database))
            {
                return value;
            }
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or OverflowException)
        {
            throw new ConfigurationException(ConnectionKey, "***", Allowed);
        }

        throw new ConfigurationException(ConnectionKey, "***", Allowed);
    }

    private static int? ReadConnections(IConfiguration configuration, string key) =>
        Value(configuration, key) is not { } value ? null
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
            : throw new ConfigurationException(key, value, "how many connections the role may have at once, a whole number of 1 or more");

    private static TimeSpan ReadConnectTimeout(IConfiguration configuration)
    {
        var timeout = configuration.GetValue(ConnectTimeoutKey, MigratorOptions.DefaultConnectTimeout);
        return timeout > TimeSpan.Zero && timeout <= LongestConnectTimeout
            ? timeout
            : throw new ConfigurationException(
                ConnectTimeoutKey, timeout.ToString("c"), "a duration as hh:mm:ss, more than zero and at most a day");
    }

    private static string? Value(IConfiguration configuration, string key) =>
        configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
