namespace ProSaas.Tests.AppHost;

/// <summary>The AppHost as a process, started as a developer starts it, on free ports and with a PostgreSQL of its own.</summary>
internal sealed class AppHostProcess : ChildProcess
{
    private const string Mark = "PROSAAS_TEST_RUN";
    private const string PostgresPassword = "of-the-test";

    // As it is built, not as it is copied beside the tests: it finds the other projects' programs beside its own.
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("ProSaas.Tests", "ProSaas.AppHost", StringComparison.Ordinal), "ProSaas.AppHost.dll");

    private readonly string _mark;
    private readonly string _data;
    private readonly int _postgresPort;
    private bool _isGone;

    private AppHostProcess(ProcessStartInfo start, string mark, string data, int postgresPort)
        : base(start) => (_mark, _data, _postgresPort) = (mark, data, postgresPort);

    /// <summary>Free ports, by the settings that they are given by: of the dashboard the first of its four.</summary>
    public static Dictionary<string, string> Ports()
    {
        var first = FreePorts.NextRow(7);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PROSAAS_API_PORT"] = Text(first),
            ["PROSAAS_BAILEYS_PORT"] = Text(first + 1),
            ["PROSAAS_POSTGRES_PORT"] = Text(first + 2),
            ["PROSAAS_DASHBOARD_PORT"] = Text(first + 3),
        };
    }

    /// <summary>Starts it.</summary>
    /// <param name="data">The folder that the data is kept in.</param>
    /// <param name="ports">The ports, as settings.</param>
    /// <param name="settings">More variables.</param>
    /// <param name="command">A command line that runs another one, which comes after it.</param>
    public static AppHostProcess Start(
        string data,
        IReadOnlyDictionary<string, string> ports,
        IReadOnlyDictionary<string, string>? settings = null,
        params string[] command)
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not built");
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What is left of a run is looked for in /proc");
        var mark = Guid.NewGuid().ToString("N");
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [Mark] = mark,
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPIRE_VERSION_CHECK_DISABLED"] = "true",
            ["PROSAAS_POSTGRES"] = "local",
            ["PROSAAS_DATA"] = data,

            // Of the test, and so not kept among the user's secrets.
            ["Parameters__postgres-password"] = PostgresPassword,
            ["Parameters__app-db-password"] = "of-the-test-too",
            ["Parameters__baileys-secret"] = "of-the-test-and-long",
            ["Parameters__data-protection-secret"] = "of-the-test-and-long-enough-for-keys",
        };
        foreach (var (name, value) in ports.Concat(settings ?? new Dictionary<string, string>(StringComparer.Ordinal)))
        {
            environment[name] = value;
        }

        var start = StartInfo(WithDefaultSignals([.. command, "dotnet", Program]), environment);
        return new AppHostProcess(start, mark, data, int.Parse(ports["PROSAAS_POSTGRES_PORT"], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits until no process of this run is left, nor one that works in its data.</summary>
    public async Task UntilNothingIsLeftAsync(double seconds = 20)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                if (!IsAnythingLeft())
                {
                    return true;
                }

                // Each round reads about every process of the machine.
                await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
                return false;
            },
            "every process of the run is gone",
            seconds);
        _isGone = true;
    }

    public Task<T?> ScalarAsync<T>(string sql)
    {
        var server = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = _postgresPort,
            Username = "postgres",
            Password = PostgresPassword,
            Database = "prosaasdb",
            Pooling = false
        };
        return Database.ScalarAsync<T>(server.ConnectionString, sql);
    }

    public override async ValueTask DisposeAsync()
    {
        // The orchestrator ends with it, and with that all that it had started.
        await base.DisposeAsync();
        if (!_isGone)
        {
            await UntilNothingIsLeftAsync(seconds: 30);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private bool IsAnythingLeft() =>
        Directory.EnumerateDirectories("/proc").Any(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && IsOurs(folder));

    private bool IsOurs(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ")).Contains(_mark, StringComparison.Ordinal)
                || (new FileInfo(Path.Combine(folder, "cwd")).LinkTarget?.StartsWith($"{_data}/", StringComparison.Ordinal) ?? false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
