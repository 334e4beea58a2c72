namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server that runs as a process of this machine, with PostgreSQL's own programs.</summary>
public sealed class LocalPostgresServerResource : ExecutableResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    private const string DefaultUserName = "postgres";

    private readonly List<LocalPostgresDatabaseResource> _databases = [];

    internal LocalPostgresServerResource(string name, string script, ParameterResource? userName, ParameterResource password)
        : base(name, "/bin/sh", Path.GetDirectoryName(script)!)
    {
        PrimaryEndpoint = new EndpointReference(this, PrimaryEndpointName);
        UserNameParameter = userName;
        PasswordParameter = password;
    }

    /// <summary>The endpoint that clients connect to, on 127.0.0.1.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The parameter with the superuser's name; null where it is <c>postgres</c>.</summary>
    public ParameterResource? UserNameParameter { get; }

    /// <summary>The parameter with the superuser's password.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <summary>The host part of connection strings.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port part of connection strings.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The superuser's name.</summary>
    public ReferenceExpression UserNameReference =>
        UserNameParameter is null ? ReferenceExpression.Create($"{DefaultUserName}") : ReferenceExpression.Create($"{UserNameParameter}");

    /// <summary>The connection string of the server, as its superuser: <c>Host=…;Port=…;Username=…;Password=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}");

    /// <summary>The databases that the server has.</summary>
    public IReadOnlyList<LocalPostgresDatabaseResource> Databases => _databases;

    /// <summary>The folder that the data is kept in, one data directory a major version; null where it goes with the run.</summary>
    public string? DataFolder { get; internal set; }

    internal void Add(LocalPostgresDatabaseResource database) => _databases.Add(database);

    internal ReferenceExpression Uri(string? database = null)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.AppendLiteral("postgresql://");
        if (UserNameParameter is null)
        {
            uri.AppendLiteral(DefaultUserName);
        }
        else
        {
            uri.Append($"{UserNameParameter:uri}");
        }

        uri.Append($":{PasswordParameter:uri}@{Host}:{Port}");
        if (database is not null)
        {
            uri.Append($"/{database:uri}");
        }

        return uri.Build();
    }

    internal ReferenceExpression JdbcConnectionString(string? database = null) => database is null
        ? ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}")
        : ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}/{database:uri}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Username", UserNameReference),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", Uri()),
        new("JdbcConnectionString", JdbcConnectionString()),
    ];
}
