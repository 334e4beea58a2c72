using System.Diagnostics;
using System.Runtime.InteropServices;
using Npgsql;

namespace ProSaas.Testing;

/// <summary>PostgreSQL as <c>local-postgres.sh</c> runs it.</summary>
public sealed class PostgresProcess : ChildProcess
{
    public const string Password = "of the tests";

    // The input ends with this process, however that ends.
    private const string UntilInputEnds = """exec 3<&0 </dev/null; (read -r _ <&3; kill -TERM $$) >/dev/null 2>&1 & exec "$@" 3<&-""";

    private readonly NpgsqlConnectionStringBuilder _connection;

    private PostgresProcess(ProcessStartInfo start, NpgsqlConnectionStringBuilder connection)
        : base(start) => _connection = connection;

    public static string Script { get; } = Path.Combine(Repository.Root, "hosting", "LocalPostgres", "local-postgres.sh");

    /// <summary>As its superuser, without a pool.</summary>
    public string ConnectionString => _connection.ConnectionString;

    /// <summary>Runs a cluster.</summary>
    /// <param name="folder">The folder that the data is kept in; null where it goes with the run.</param>
    /// <param name="user">The superuser's name.</param>
    /// <param name="password">Its password.</param>
    /// <param name="port">The port; a free one when null.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="settings">Settings of postgres: <c>name=value</c>.</param>
    public static PostgresProcess Run(
        string? folder,
        string user = "postgres",
        string password = Password,
        int? port = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        IReadOnlyList<string>? settings = null) =>
        Start(
            ["/bin/sh", Script, "run", .. (settings ?? []).SelectMany(setting => (string[])["-c", setting])],
            folder, user, password, port, environment);

    /// <summary>Runs a command line that runs the script in its turn.</summary>
    public static PostgresProcess Start(
        IReadOnlyList<string> command,
        string? folder,
        string user = "postgres",
        string password = Password,
        int? port = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var own = port ?? FreePorts.Next();
        var start = StartInfo(
            WithDefaultSignals(["/bin/sh", "-c", UntilInputEnds, "sh", .. command]),
            [
                .. environment ?? new Dictionary<string, string?>(StringComparer.Ordinal),
                new("LOCAL_POSTGRES_PORT", $"{own}"),
                new("LOCAL_POSTGRES_USER", user),
                new("LOCAL_POSTGRES_PASSWORD", password),
                new("LOCAL_POSTGRES_DATA", folder),
            ]);
        start.RedirectStandardInput = true;
        return new PostgresProcess(
            start, new() { Host = "127.0.0.1", Port = own, Username = user, Password = password, Database = "postgres", Pooling = false });
    }

    /// <summary>Waits until the server takes connections.</summary>
    public async Task<PostgresProcess> UntilReadyAsync()
    {
        await Eventually.TrueAsync(
            async () => HasExited ? throw new InvalidOperationException($"The server ended:\n{this}") : await AnswersAsync(),
            "the server takes connections");
        return this;
    }

    /// <summary>Stops the server and waits for its end.</summary>
    public Task<int> StopAsync(PosixSignal signal = PosixSignal.SIGTERM)
    {
        Signal(signal);
        return WaitForExitAsync(seconds: 20);
    }

    public override async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            Signal(PosixSignal.SIGTERM);
            await ExitsWithinAsync(TimeSpan.FromSeconds(20));
        }

        await base.DisposeAsync();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = await Database.OpenAsync(ConnectionString);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
