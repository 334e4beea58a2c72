using System.Security.Cryptography;
using System.Text;

namespace ProSaas.AppHost;

/// <summary>Where run mode keeps what outlives it.</summary>
internal static class DataFolders
{
    private const string RootKey = "PROSAAS_DATA";
    private const int HashLength = 10;

    /// <summary>
    /// The folder of a resource: below the setting <c>PROSAAS_DATA</c>, else below one that
    /// this checkout has for itself.
    /// </summary>
    public static string Find(IDistributedApplicationBuilder builder, string resource)
    {
        var root = builder.Configuration[RootKey];
        return Path.GetFullPath(Path.Combine(string.IsNullOrEmpty(root) ? OfCheckout(builder.AppHostDirectory) : root, resource));
    }

    private static string OfCheckout(string directory)
    {
        // As root, PostgreSQL runs as another user, who cannot reach what is in root's home.
        var home = Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? "/var/lib/prosaas"
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "prosaas");
        return Path.Combine(home, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..HashLength]);
    }
}
