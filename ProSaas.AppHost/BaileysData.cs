using System.Security.Cryptography;
using System.Text;

namespace ProSaas.AppHost;

/// <summary>Where the WhatsApp service keeps what it must not lose: the logins at WhatsApp, and messages on their way to the API.</summary>
internal static class BaileysData
{
    /// <summary>Where its container sees the volume.</summary>
    public const string InContainer = "/data";

    private const string FolderKey = "BAILEYS_DATA";
    private const int HashLength = 10;

    /// <summary>The setting <c>BAILEYS_DATA</c>, else a folder of this checkout's own, beside those in which the stand-ins keep volumes.</summary>
    public static string OnThisMachine(IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration[FolderKey] is { Length: > 0 } folder)
        {
            return Path.GetFullPath(folder);
        }

        var root = Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? "/var/lib/prosaas"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "prosaas");
        var checkout = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(builder.AppHostDirectory)))[..HashLength];
        return Path.Combine(root, "volumes", $"prosaas.apphost-{checkout}-baileys-data");
    }
}
