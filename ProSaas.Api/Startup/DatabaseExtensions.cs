using Microsoft.EntityFrameworkCore;
using ProSaas.Data;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Startup;

internal static class DatabaseExtensions
{
    private const string ConnectionName = "prosaasdb";

    // Half the driver's own or less: over a connection whose other end is silent, a request waits for each of them in turn.
    // What the connection string says itself comes later and wins.
    private const string Limits = "Timeout=3;Command Timeout=10;Cancellation Timeout=500;";

    // The driver's own six, up to half a minute apart, would hold a write to a full disk for a minute before it is refused.
    private const int MaxRetries = 3;
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds the context over the runtime connection <c>ConnectionStrings:prosaasdb</c> and the
    /// checks that watch the database.
    /// </summary>
    /// <exception cref="ConfigurationException">The connection string is missing or malformed.</exception>
    public static void AddDatabase(this IHostApplicationBuilder builder)
    {
        var connectionString = ConnectionSetting.Read(builder.Configuration, ConnectionName)
            ?? throw new ConfigurationException(ConnectionSetting.Key(ConnectionName), value: null,
                "a PostgreSQL connection string, for instance Host=…;Username=prosaas_app;Password=…;Database=prosaasdb");

        connectionString = Limits + connectionString;
        builder.AddNpgsqlDbContext<ProSaasDbContext>(
            ConnectionName,
            settings => settings.ConnectionString = connectionString,
            options => options.UseProSaasModel()
                .UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies =>
                    new TransientRetry(dependencies, MaxRetries, MaxRetryDelay))));
        builder.Services.AddProSaasData();
        builder.Services.AddSingleton(new DatabaseCheckFactory(connectionString));
        builder.Services.AddHostedService<ContextPreparation>();
    }
}
