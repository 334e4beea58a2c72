using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.PostgreSQL.Cluster;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL.</summary>
public static class PostgresBuilderExtensions
{
    private const int ContainerPort = 5432;
    private const int PasswordLength = 22;

    /// <summary>Adds a PostgreSQL server. In run mode it is a private cluster made with PostgreSQL's own binaries.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="userName">The login of the server's owner; <c>postgres</c> if null.</param>
    /// <param name="password">Its password; a generated one, kept in the user secrets, if null.</param>
    /// <param name="port">The port, 1-65535; null for one chosen when the application starts.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        var secret = password?.Resource
            ?? builder.CreateParameter($"{name}-password", secret: true, new GenerateParameterDefault { MinLength = PasswordLength }, persist: true);
        var server = new PostgresServerResource(name, userName?.Resource, secret);
        var key = $"{name}_check";
        return builder.AddResource(server)
            .WithAnnotation(new EndpointAnnotation(PostgresServerResource.EndpointName, "tcp") { Port = port, TargetPort = ContainerPort })
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "library/postgres", Tag = "17.6" })
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
            .WithEnvironment("POSTGRES_USER", server.UserNameReference)
            .WithEnvironment("POSTGRES_PASSWORD", server.PasswordParameter)
            .WithAnnotation(new HealthCheckAnnotation(key))
            .WithAnnotation(new HealthProbeAnnotation(key, (_, cancellationToken) => ProbeAsync(server, "postgres", cancellationToken)))
            .WithAnnotation(new ResourceRunnerAnnotation(services => OperatingSystem.IsWindows()
                ? throw new DistributedApplicationException("This engine runs PostgreSQL on Linux and macOS only; on Windows build with -p:PackageFeed=full.")
                : ActivatorUtilities.CreateInstance<ClusterRunner>(services)));
    }

    /// <summary>Adds a database. In run mode it is created if the server does not have it.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name, and the connection string's.</param>
    /// <param name="databaseName">The name on the server; <paramref name="name"/> if null.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        var key = $"{name}_check";
        return builder.ApplicationBuilder.AddResource(database)
            .WithAnnotation(new HealthCheckAnnotation(key))
            .WithAnnotation(new HealthProbeAnnotation(key, (_, cancellationToken) => ProbeAsync(database, database.DatabaseName, cancellationToken)))
            .WithAnnotation(new ResourceRunnerAnnotation(services => ActivatorUtilities.CreateInstance<DatabaseRunner>(services)));
    }

    /// <summary>Keeps the server's data between runs.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; one of this checkout's own, if null.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        var application = builder.ApplicationBuilder;
        var identity = new AppHostIdentity(application.AppHostDirectory, application.Environment.ApplicationName, []);
        return builder.WithVolume(name ?? $"{identity.Key}-{builder.Resource.Name}-data", "/var/lib/postgresql/data", isReadOnly);
    }

    private static async Task<HealthCheckResult> ProbeAsync(IResourceWithConnectionString resource, string database, CancellationToken cancellationToken)
    {
        // Not pooled: a pooled connection would say that a server which takes no new ones is well.
        var connectionString = new NpgsqlConnectionStringBuilder(await resource.GetConnectionStringAsync(cancellationToken)) { Database = database, Pooling = false };
        try
        {
            await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
