using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ProSaas.Tests.LocalPostgres;

/// <summary>The resources on Aspire's orchestrator.</summary>
public sealed class ResourceTests(RunningServers servers) : IClassFixture<RunningServers>
{
    [Theory]
    [InlineData("n8ndb", "n8n", "own er")]
    [InlineData("quoted", "Mixed \"case\"", "own er")]
    [InlineData("kept", "kept", "postgres")]
    public async Task Database_has_the_name_that_it_was_given(string resource, string database, string user)
    {
        await using var connection = await servers.ConnectAsync(resource);
        await using var command = new NpgsqlCommand("SELECT current_database() || ' ' || current_user", connection);

        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe($"{database} {user}");
    }

    [Fact]
    public async Task Port_is_the_one_given_else_a_free_one()
    {
        var first = new NpgsqlConnectionStringBuilder(
            await servers.Application.GetConnectionStringAsync("first", TestContext.Current.CancellationToken));
        var second = new NpgsqlConnectionStringBuilder(
            await servers.Application.GetConnectionStringAsync("second", TestContext.Current.CancellationToken));

        second.Port.ShouldBe(servers.FixedPort);
        first.Port.ShouldBeInRange(1024, 65535);
        first.Port.ShouldNotBe(second.Port);
    }

    [Fact]
    public async Task Client_gets_the_properties_of_the_connection()
    {
        var lines = await File.ReadAllLinesAsync(servers.Environment, TestContext.Current.CancellationToken);
        var server = new NpgsqlConnectionStringBuilder(
            await servers.Application.GetConnectionStringAsync("first", TestContext.Current.CancellationToken));
        var (host, port) = (server.Host, server.Port);

        lines.Where(line => line.StartsWith("N8NDB_", StringComparison.Ordinal)
            || line.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ShouldBe(
            [
                $"N8NDB_HOST={host}",
                $"N8NDB_PORT={port}",
                "N8NDB_USERNAME=own er",
                $"N8NDB_PASSWORD={RunningServers.Password}",
                $"N8NDB_URI=postgresql://own%20er:p%40ss%2Fword%3A100%25@{host}:{port}/n8n",
                $"N8NDB_JDBCCONNECTIONSTRING=jdbc:postgresql://{host}:{port}/n8n",
                "N8NDB_DATABASENAME=n8n",
                $"ConnectionStrings__n8ndb=Host={host};Port={port};Username=own er;Password={RunningServers.Password};Database=n8n",
                $"ConnectionStrings__first=Host={host};Port={port};Username=own er;Password={RunningServers.Password}",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void Who_waits_for_a_database_starts_when_it_exists() =>
        servers.Start.Positions("first Running", "first Healthy", "n8ndb Running", "n8ndb Healthy", "client Running").ShouldBeInOrder();

    [Fact]
    public void Health_waits_for_the_start_so_that_no_check_fails() => servers.Start.FailedChecks.ShouldBeEmpty();

    [Fact]
    public async Task Server_that_is_restarted_has_its_data_and_its_databases_run_again()
    {
        await ExecuteAsync("CREATE TABLE rows AS SELECT 42 AS number");
        await using var history = new Fixtures.StateHistory(servers.Application.ResourceNotifications);

        var result = await servers.Application.ResourceCommands.ExecuteCommandAsync(
            "second", KnownResourceCommands.RestartCommand, TestContext.Current.CancellationToken);

        result.Success.ShouldBeTrue(result.Message);
        await Eventually.TrueAsync(() => history.Positions("second Finished", "second Running", "second Healthy",
            "kept Running") is var positions && !positions.Contains(-1), "the server and its database run again");
        await servers.Application.ResourceNotifications.WaitForResourceHealthyAsync("kept", TestContext.Current.CancellationToken);
        (await ExecuteAsync("SELECT number FROM rows")).ShouldBe(42);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Properties_are_those_of_a_container(bool hasUser)
    {
        var local = RunningServers.CreateBuilder();
        var container = RunningServers.CreateBuilder();
        var localServer = local.AddLocalPostgres(
            "postgres", hasUser ? local.AddParameter("user", "me") : null, local.AddParameter("password", "secret", secret: true));
        var containerServer = container.AddPostgres(
            "postgres", hasUser ? container.AddParameter("user", "me") : null, container.AddParameter("password", "secret", secret: true));

        Properties(localServer.Resource).ShouldBe(Properties(containerServer.Resource));
        Properties(localServer.AddDatabase("db", "my db").Resource)
            .ShouldBe(Properties(containerServer.AddDatabase("db", "my db").Resource));
    }

    [Fact]
    public void Password_is_generated_for_each_server_unless_given()
    {
        var builder = RunningServers.CreateBuilder();
        var server = builder.AddLocalPostgres("postgres");

        server.Resource.PasswordParameter.Name.ShouldBe("postgres-password");
        server.Resource.PasswordParameter.Secret.ShouldBeTrue();
    }

    [Fact]
    public void Data_folder_is_the_checkouts_own_unless_given()
    {
        var builder = RunningServers.CreateBuilder();

        builder.AddLocalPostgres("without").Resource.DataFolder.ShouldBeNull();
        builder.AddLocalPostgres("given").WithDataFolder("relative").Resource.DataFolder.ShouldBe(Path.GetFullPath("relative"));
        var own = builder.AddLocalPostgres("own").WithDataFolder().Resource.DataFolder.ShouldNotBeNull();
        Path.GetFileName(own).ShouldEndWith("-own-data");
        builder.AddLocalPostgres("other").WithDataFolder().Resource.DataFolder.ShouldNotBe(own);
    }

    private static SortedDictionary<string, string> Properties(IResourceWithConnectionString resource)
    {
        var properties = new SortedDictionary<string, string>(
            resource.GetConnectionProperties().ToDictionary(property => property.Key, property => property.Value.ValueExpression),
            StringComparer.Ordinal)
        {
            ["ConnectionString"] = resource.ConnectionStringExpression.ValueExpression,
        };
        return properties;
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = await servers.ConnectAsync("kept");
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
