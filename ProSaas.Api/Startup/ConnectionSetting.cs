using Npgsql;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Startup;

internal static class ConnectionSetting
{
    public static string Key(string name) => $"ConnectionStrings:{name}";

    /// <summary>The connection string <c>ConnectionStrings:</c><paramref name="name"/>, or null when it is not set.</summary>
    /// <exception cref="ConfigurationException">It is no PostgreSQL connection string. Its value is not repeated: it may hold a password.</exception>
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
            return string.IsNullOrEmpty(parsed.Host) ? throw Malformed(name, "it names no Host") : value;
        }
        catch (ArgumentException exception)
        {
            throw Malformed(name, exception.Message);
        }
    }

    private static ConfigurationException Malformed(string name, string cause)
        => new(Key(name), $"*** ({cause})", "a PostgreSQL connection string, for instance Host=…;Username=…;Password=…;Database=…");
}
