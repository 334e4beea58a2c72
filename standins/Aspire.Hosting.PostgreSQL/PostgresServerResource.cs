using System.Data.Common;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server.</summary>
public sealed class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";
    private const string DefaultUserName = "postgres";

    internal PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
        : base(name)
    {
        UserNameParameter = userName;
        PasswordParameter = password;
        Endpoint = new EndpointReference(this, EndpointName);
    }

    /// <summary>The password of the server's owner.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <summary>The login of the server's owner; null for <c>postgres</c>.</summary>
    public ParameterResource? UserNameParameter { get; }

    /// <summary>The host others connect to.</summary>
    public EndpointReferenceExpression Host => Endpoint.Property(EndpointProperty.Host);

    /// <summary>The port others connect to.</summary>
    public EndpointReferenceExpression Port => Endpoint.Property(EndpointProperty.Port);

    /// <summary>The login of the server's owner.</summary>
    public ReferenceExpression UserNameReference =>
        UserNameParameter is null ? ReferenceExpression.Create($"{DefaultUserName}") : ReferenceExpression.Create($"{UserNameParameter}");

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Host={Host};Port={Port};Username={UserNameReference};Password={PasswordParameter}");

    internal EndpointReference Endpoint { get; }

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Username", UserNameReference),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", Uri()),
        new("JdbcConnectionString", ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}")),
    ];

    /// <param name="path">What comes after the server, such as <c>/database</c>.</param>
    internal ReferenceExpression Uri(string path = "") => UserNameParameter is null
        ? ReferenceExpression.Create($"postgresql://{DefaultUserName}:{PasswordParameter:uri}@{Host}:{Port}{path}")
        : ReferenceExpression.Create($"postgresql://{UserNameParameter:uri}:{PasswordParameter:uri}@{Host}:{Port}{path}");
}

/// <summary>A database on a PostgreSQL server.</summary>
public sealed class PostgresDatabaseResource : Resource, IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
        : base(name)
    {
        DatabaseName = databaseName;
        Parent = parent;
    }

    /// <summary>The server.</summary>
    public PostgresServerResource Parent { get; }

    /// <summary>The name on the server.</summary>
    public string DatabaseName { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};{new DbConnectionStringBuilder { ["Database"] = DatabaseName }.ConnectionString}");

    /// <inheritdoc />
    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties()
    {
        IResourceWithConnectionString server = Parent;
        var path = $"/{Uri.EscapeDataString(DatabaseName)}";
        return
        [
            .. server.GetConnectionProperties().Where(property => property.Key is not ("Uri" or "JdbcConnectionString")),
            new("Uri", Parent.Uri(path)),
            new("JdbcConnectionString", ReferenceExpression.Create($"jdbc:postgresql://{Parent.Host}:{Parent.Port}{path}")),
            new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")),
        ];
    }
}
