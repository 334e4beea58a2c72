using ProSaas.Data;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Startup;

internal static class DatabaseExtensions
{
    private const string ConnectionName = "prosaasdb";

    /// <summary>Adds the context over the runtime connection <c>ConnectionStrings:prosaasdb</c> and the looks that watch the database.</summary>
    /// <exception cref="ConfigurationException">The connection string is missing or malformed.</exception>
    public static void AddDatabase(this IHostApplicationBuilder builder)
    {
        var connectionString = ConnectionSetting.Read(builder.Configuration, ConnectionName)
            ?? throw new ConfigurationException(ConnectionSetting.Key(ConnectionName), value: null, "a PostgreSQL connection string, for instance Host=…;Username=prosaas_app;Password=…;Database=prosaasdb");

        builder.AddNpgsqlDbContext<ProSaasDbContext>(ConnectionName, configureDbContextOptions: options => options.UseProSaasModel());
        builder.Services.AddProSaasData();
        builder.Services.AddSingleton(new DatabaseLookFactory(connectionString));
    }
}
