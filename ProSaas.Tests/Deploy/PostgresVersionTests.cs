using System.Runtime.Versioning;

namespace ProSaas.Tests.Deploy;

/// <summary>
/// <c>dcprod.sh</c> before a volume with the data of another PostgreSQL than the Compose file's. What <c>docker run</c> would do in a
/// container, it does here in a folder that stands for the volume.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresVersionTests : IDisposable
{
    private const string Refusal = "The volume prosaasil_postgres-data has the data of PostgreSQL ";

    private readonly ServerFixture _server = NewServer();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("up -d --build")]
    [InlineData("update")]
    [InlineData("create")]
    [InlineData("run --rm migrations")]
    [InlineData("restore monday")]
    public async Task Older_data_is_refused_in_one_line_before_anything_is_changed(string command)
    {
        Put("PG_VERSION=17");

        var answer = await _server.RunAsync(command.Split(' '));

        answer.ExitCode.ShouldBe(78, answer.Error);
        answer.Output.ShouldBeEmpty();
        answer.Error.ShouldBe(
            $"{Refusal}17, with which PostgreSQL 18 does not start: nothing was changed. docs/deploy.md leads from one to the other, under 'From PostgreSQL 17 to 18'.\n");
        _server.Calls.ShouldHaveSingleItem().ShouldStartWith(
            "run --rm --network none --volume prosaasil_postgres-data:/volume:ro --workdir /volume --entrypoint sh docker.io/library/postgres:18.");
        Repository.Read("docs/deploy.md").ShouldContain("\n## From PostgreSQL 17 to 18\n");
    }

    [Theory]
    [InlineData("17", "PG_VERSION=17")]
    [InlineData("17", "17/docker/PG_VERSION=17")]
    [InlineData("19", "19/docker/PG_VERSION=19")]
    [InlineData("16, 17", "PG_VERSION=16", "17/docker/PG_VERSION=17")]
    public async Task Data_of_another_version_is_named(string versions, params string[] files)
    {
        Put(files);

        (await _server.RunAsync("up", "-d")).Error.ShouldStartWith($"{Refusal}{versions}, with which PostgreSQL 18 does not start");
    }

    [Theory]
    [InlineData("18/docker/PG_VERSION=18")]
    [InlineData("18/docker/PG_VERSION=18", "PG_VERSION=17")]
    [InlineData("kept-17/PG_VERSION=17")]
    [InlineData("lost+found/.keep=")]
    public async Task Volume_that_the_image_starts_with_is_no_hindrance(params string[] files)
    {
        Put(files);

        (await _server.RunAsync("up", "-d")).ExitCode.ShouldBe(0);
        _server.Calls[^1].ShouldBe($"{ServerFixture.Compose} up -d");
    }

    [Fact]
    public async Task Server_without_a_volume_is_not_asked_what_is_in_it()
    {
        (await _server.RunAsync("up", "-d")).ExitCode.ShouldBe(0);

        _server.Calls.ShouldBe([$"{ServerFixture.Compose} up -d"]);
    }

    [Theory]
    [InlineData("backup monday")]
    [InlineData("stop nginx prosaas-api baileys n8n")]
    [InlineData("start postgres")]
    [InlineData("logs postgres")]
    [InlineData("down")]
    public async Task Older_data_keeps_nobody_from_what_leads_out_of_it(string command)
    {
        Put("PG_VERSION=17");

        (await _server.RunAsync(command.Split(' '))).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Volume_that_cannot_be_read_is_told_and_nothing_is_changed()
    {
        using var server = new ServerFixture("""
              "volume inspect "*) ;;
              "run --rm --network none "*) echo 'no such image' >&2; exit 125 ;;
            """);

        var answer = await server.RunAsync("update");

        answer.ExitCode.ShouldBe(70);
        answer.Error.ShouldBe(
            "no such image\nWhat is in the volume prosaasil_postgres-data could not be read: the error is above. Nothing was changed.\n");
        server.Calls.ShouldHaveSingleItem();
    }

    private static ServerFixture NewServer()
    {
        var server = new ServerFixture("""
              "volume inspect prosaasil_postgres-data") [ -d "$VOLUME" ] ;;
              "run --rm --network none "*) cd "$VOLUME" && exec sh -c "${@: -1}" ;;
            """);
        server.Set("VOLUME", server.At("volume"));
        return server;
    }

    private void Put(params string[] files)
    {
        foreach (var (file, content) in files.Select(file => file.Split('=')).Select(parts => (parts[0], parts[1])))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_server.At($"volume/{file}"))!);
            File.WriteAllText(_server.At($"volume/{file}"), $"{content}\n");
        }
    }
}
