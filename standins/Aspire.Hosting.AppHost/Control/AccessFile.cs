using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Control;

/// <summary>
/// Tells the user who started the application, and nobody else, where its resources can be asked for. There is one file for a checkout,
/// <c>*.access</c> in <c>$XDG_STATE_HOME/prosaas</c>, while the application runs.
/// </summary>
/// <param name="identity">The checkout.</param>
/// <param name="folder">The folder that the file is in.</param>
/// <param name="dashboard">The dashboard, if there is one.</param>
internal sealed class AccessFile(AppHostIdentity identity, string folder, DashboardSettings? dashboard = null)
{
    private const int TokenLength = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Scheme = "Bearer ";

    private readonly string _token = RandomNumberGenerator.GetHexString(TokenLength, lowercase: true);

    public string Path { get; } = System.IO.Path.Combine(folder, $"{identity.Key}.access");

    /// <summary>Whether the value of an <c>Authorization</c> header has this run's token.</summary>
    public bool Allows(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization[Scheme.Length..]), Encoding.UTF8.GetBytes(_token));

    /// <summary>Writes the file; another run's is replaced.</summary>
    /// <param name="address">Host and port.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Write(string address)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var draft = $"{Path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(draft, options))
        {
            writer.Write($"process={Environment.ProcessId}\ndirectory={identity.Directory}\naddress={address}\ntoken={_token}\n");
            if (dashboard is not null)
            {
                writer.Write($"dashboard={dashboard.Frontend.Authority}\ndashboard-key={dashboard.ApiKey}\n");
            }
        }

        File.Move(draft, Path, overwrite: true);
    }

    /// <summary>Removes the file, unless it has become another run's.</summary>
    public void Delete()
    {
        try
        {
            if (File.ReadAllText(Path).Contains(_token, StringComparison.Ordinal))
            {
                File.Delete(Path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file that stays names a process that is gone: nobody follows it.
        }
    }

    public static string UserFolder()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } home
            ? home
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
        return System.IO.Path.Combine(state, "prosaas");
    }
}
