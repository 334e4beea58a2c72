using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting;

/// <summary>Which AppHost this is: two checkouts of one project are two.</summary>
/// <param name="Directory">The folder of the AppHost's project, absolute.</param>
/// <param name="ApplicationName">The assembly's name.</param>
/// <param name="Arguments">The command line.</param>
internal sealed record AppHostIdentity(string Directory, string ApplicationName, IReadOnlyList<string> Arguments)
{
    private const int HashLength = 10;

    /// <summary>A name for what belongs to this checkout alone, such as <c>prosaas.apphost-1a2b3c4d5e</c>.</summary>
    public string Key
    {
        get
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Directory)))[..HashLength];
            var name = string.Concat(ApplicationName.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));
            return $"{name}-{hash}";
        }
    }
}

internal static class AssemblyMetadataExtensions
{
    public static string? Metadata(this Assembly? assembly, string key) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;
}
