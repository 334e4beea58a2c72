using Npgsql;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Startup;

internal static class ConnectionSetting
{
    public static string Key(string name) => $"ConnectionStrings:{name}";

    /// <summary>The connection string <c>ConnectionStrings:</c><paramref name="name"/>, or null when it is not set.</summary>
    /// <exception cref="ConfigurationException">It is not a PostgreSQL connection string. Its value is not repeated:
    /// it may hold a password.</exception>
    public static string? Read(IConfiguration configuration, string name)
    {
        var value = configuration.GetConnectionString(name);
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(value);
            return string.IsNullOrEmpty(parsed.Host) ? throw Malformed(name) : value;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw Malformed(name);
        }
    }

    // The parser's message would repeat what follows a semicolon in a password.
    private static ConfigurationException Malformed(string name) =>
        new(Key(name), "***", "a PostgreSQL connection string, for instance Host=…;Username=…;Password=…;Database=…");
}
