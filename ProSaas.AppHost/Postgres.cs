using Microsoft.Extensions.Configuration;

namespace ProSaas.AppHost;

/// <summary>PostgreSQL as the rest of the AppHost knows it, whatever it runs as.</summary>
internal sealed record Postgres(
    IResourceBuilder<IResourceWithEnvironment> Server,
    IResourceBuilder<IResourceWithConnectionString> Database,
    string DatabaseName,
    EndpointReferenceExpression Host,
    EndpointReferenceExpression Port)
{
    private const string Name = "postgres";
    private const string DatabaseResource = "prosaasdb";
    private const string KindKey = "PROSAAS_POSTGRES";

    /// <summary>
    /// Adds a container; in run mode a process where no container engine answers.
    /// <c>PROSAAS_POSTGRES</c> forces one of them.
    /// </summary>
    /// <exception cref="StartFailure">The setting is neither <c>container</c> nor <c>local</c>, or there is
    /// no engine for the container.</exception>
    public static Postgres Add(IDistributedApplicationBuilder builder, int? port)
    {
        var isPublished = builder.ExecutionContext.IsPublishMode;
        if (isPublished || IsContainer(builder.Configuration))
        {
            var server = builder.AddPostgres(Name, port: port).WithDataVolume(isPublished ? "postgres-data" : null);
            var database = server.AddDatabase(DatabaseResource);
            return new Postgres(server, database, database.Resource.DatabaseName, server.Resource.Host, server.Resource.Port);
        }
        else
        {
            var server = builder.AddLocalPostgres(Name, password: builder.AddPassword($"{Name}-password"), port: port)
                .WithDataFolder(DataFolders.Find(builder, "postgres"));
            var database = server.AddDatabase(DatabaseResource);
            return new Postgres(server, database, database.Resource.DatabaseName, server.Resource.Host, server.Resource.Port);
        }
    }

    private static bool IsContainer(ConfigurationManager configuration) => configuration[KindKey] switch
    {
        null or "" => ContainerEngine.Answers(configuration),
        "local" => false,
        "container" => ContainerEngine.Answers(configuration)
            ? true
            : throw new StartFailure(StartFailure.Unavailable,
                $"{KindKey} is 'container', but no container engine answers: start Docker or Podman, or set {KindKey}=local."),
        var other => throw new StartFailure(StartFailure.Configuration, $"{KindKey} is '{other}'. Allowed: container or local."),
    };
}
