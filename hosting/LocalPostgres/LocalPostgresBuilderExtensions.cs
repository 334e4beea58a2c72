using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL as a process, for run mode where no container engine is.</summary>
public static class LocalPostgresBuilderExtensions
{
    private const string ScriptName = "local-postgres.sh";

    /// <summary>
    /// Adds a PostgreSQL server that runs as a process, with the programs installed on this machine; where there are none, it fetches them.
    /// Its data goes with the run unless <see cref="WithDataFolder"/> is called.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="userName">The superuser's name; <c>postgres</c> when null.</param>
    /// <param name="password">The superuser's password; when null, one is generated and kept as <c>NAME-password</c>.</param>
    /// <param name="port">The port on 127.0.0.1, 1-65535; a free one, new for each run, when null.</param>
    /// <exception cref="PlatformNotSupportedException">The system is Windows, where PostgreSQL runs in a container.</exception>
    public static IResourceBuilder<LocalPostgresServerResource> AddLocalPostgres(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException(
                "PostgreSQL as a process needs Linux or macOS: start a container engine and use AddPostgres.");
        }

        // It stands unencoded in connection URIs that people copy.
        var generated = new GenerateParameterDefault { MinLength = 22, Special = false };
        var passwordParameter = password ?? builder.AddParameter($"{name}-password", generated, secret: true, persist: true);
        var script = Path.Combine(AppContext.BaseDirectory, ScriptName);
        var server = new LocalPostgresServerResource(name, script, userName?.Resource, passwordParameter.Resource);

        return builder.AddResource(server)
            .WithEndpoint(
                name: LocalPostgresServerResource.PrimaryEndpointName,
                scheme: "tcp",
                port: port,
                env: "LOCAL_POSTGRES_PORT",
                isProxied: false)
            .WithEndpoint(LocalPostgresServerResource.PrimaryEndpointName, endpoint => endpoint.TargetHost = "127.0.0.1")
            .WithArgs(script, "run")
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["LOCAL_POSTGRES_USER"] = server.UserNameReference;
                context.EnvironmentVariables["LOCAL_POSTGRES_PASSWORD"] = server.PasswordParameter;
                if (server.DataFolder is { } folder)
                {
                    context.EnvironmentVariables["LOCAL_POSTGRES_DATA"] = folder;
                }
            })
            .WithIconName("DatabaseMultiple")
            .WithConnectionCheck()
            .OnResourceReady((_, ready, cancellationToken) => CreateDatabasesAsync(server, ready.Services, cancellationToken))
            .OnResourceStopped((_, stopped, _) => PublishStateAsync(server, stopped.Services, stopped.ResourceEvent.Snapshot.State));
    }

    /// <summary>Keeps the data, one data directory for each major version of PostgreSQL.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="folder">The folder; when null, one of this AppHost's own in the user's data folder, as
    /// root below <c>/var/lib/prosaas</c>.</param>
    public static IResourceBuilder<LocalPostgresServerResource> WithDataFolder(
        this IResourceBuilder<LocalPostgresServerResource> builder, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.DataFolder = Path.GetFullPath(
            folder ?? Path.Combine(DataHome(), "volumes", VolumeNameGenerator.Generate(builder, "data")));
        return builder;
    }

    /// <summary>Adds a database, which is made if the server does not have it.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="databaseName">The database's name; that of the resource when null.</param>
    public static IResourceBuilder<LocalPostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<LocalPostgresServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var database = new LocalPostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Add(database);
        return builder.ApplicationBuilder.AddResource(database)
            .WithIconName("Database")
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "PostgreSQL database",
                State = KnownResourceStates.NotStarted,
                Properties = []
            })
            .WithConnectionCheck();
    }

    private static IResourceBuilder<T> WithConnectionCheck<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithConnectionString
    {
        var key = $"{builder.Resource.Name}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services => new LocalPostgresHealthCheck(builder.Resource, services.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus: null,
            tags: null));
        return builder.WithHealthCheck(key);
    }

    private static async Task CreateDatabasesAsync(
        LocalPostgresServerResource server, IServiceProvider services, CancellationToken cancellationToken)
    {
        foreach (var database in server.Databases)
        {
            await LocalPostgresConnection.CreateDatabaseAsync(database, cancellationToken);
        }

        await PublishStateAsync(server, services, KnownResourceStates.Running);
    }

    /// <summary>
    /// The databases of a server that is not a container are left to whoever adds them:
    /// they run as long as the server does.
    /// </summary>
    private static async Task PublishStateAsync(LocalPostgresServerResource server, IServiceProvider services, ResourceStateSnapshot? state)
    {
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        foreach (var database in server.Databases)
        {
            await notifications.PublishUpdateAsync(database, snapshot => snapshot with { State = state });
        }
    }

    private static string DataHome() => Environment.IsPrivilegedProcess
        ? "/var/lib/prosaas"
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "prosaas");
}
