using System.Runtime.InteropServices;
using ProSaas.Tests.LocalPostgres;

namespace ProSaas.Tests.AppHost;

/// <summary>Runs of the whole application, and of what fails while it starts.</summary>
public sealed class RunTests : IDisposable
{
    private readonly DataFolder _data = new();

    [Fact]
    public async Task Data_survives_a_killed_AppHost_whose_processes_all_end_and_a_stop_ends_everything()
    {
        var ports = AppHostProcess.Ports();
        await using (var killed = AppHostProcess.Start(_data.Path, ports))
        {
            await killed.UntilLineAsync("prosaas-api: Running, healthy", seconds: 120);
            await killed.ScalarAsync<object>("CREATE TABLE kept AS SELECT 42 AS number");

            await killed.KillAsync();

            await killed.UntilNothingIsLeftAsync();
        }

        await using var next = AppHostProcess.Start(_data.Path, ports);
        await next.UntilLineAsync("prosaas-api: Running, healthy", seconds: 120);
        (await next.ScalarAsync<int>("SELECT number FROM kept")).ShouldBe(42);

        next.Signal(PosixSignal.SIGINT);

        (await next.WaitForExitAsync(seconds: 20)).ShouldBe(0, next.ToString());
        next.Errors.ShouldBeEmpty();
        await next.UntilNothingIsLeftAsync(seconds: 5);
    }

    [Fact]
    public async Task Stop_in_the_middle_of_the_start_ends_everything()
    {
        await using var appHost = AppHostProcess.Start(_data.Path, AppHostProcess.Ports());
        await appHost.UntilLineAsync("postgres: Running", seconds: 120);

        appHost.Signal(PosixSignal.SIGTERM);

        (await appHost.WaitForExitAsync(seconds: 20)).ShouldBe(0, appHost.ToString());
        appHost.Errors.ShouldBeEmpty();
        await appHost.UntilNothingIsLeftAsync();
    }

    [Fact]
    public async Task Data_of_a_newer_PostgreSQL_ends_the_start_and_is_left_as_it_is()
    {
        Directory.CreateDirectory(_data.Combine("postgres", "postgresql-99"));
        await File.WriteAllTextAsync(
            _data.Combine("postgres", "postgresql-99", "PG_VERSION"), "99\n", TestContext.Current.CancellationToken);

        await using var appHost = AppHostProcess.Start(_data.Path, AppHostProcess.Ports());

        await ShouldFailAsync(appHost, 69,
            $"ProSaas does not start, because postgres failed (Finished with exit code 69): {_data.Path}/postgres/postgresql-99 holds data of PostgreSQL 99, ");
        Directory.GetFileSystemEntries(_data.Combine("postgres")).ShouldBe([_data.Combine("postgres", "postgresql-99")]);
    }

    [Fact]
    public async Task Wrong_setting_of_the_API_ends_the_start()
    {
        await using var appHost = AppHostProcess.Start(_data.Path, AppHostProcess.Ports(),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["AgentWarmup__MaxConcurrency"] = "x" });

        await ShouldFailAsync(
            appHost, 78,
            "ProSaas does not start, because prosaas-api failed (Finished with exit code 78): ERROR Configuration: AgentWarmup:MaxConcurrency is 'x'. Allowed: a whole number.");
    }

    public void Dispose() => _data.Dispose();

    private static async Task ShouldFailAsync(AppHostProcess appHost, int exitCode, string line)
    {
        var ended = await appHost.WaitForExitAsync(seconds: 120);
        Assert.SkipWhen(
            appHost.Errors.Any(error => error.StartsWith("unshare: ", StringComparison.Ordinal)), "This machine lets nobody hide folders");
        ended.ShouldBe(exitCode, appHost.ToString());
        appHost.Errors.ShouldHaveSingleItem().ShouldStartWith(line);
        await appHost.UntilNothingIsLeftAsync();
    }
}
