using System.Reflection;

namespace ProSaas.ServiceDefaults;

/// <summary>Who answers: reported by every operational endpoint.</summary>
/// <param name="Service">The service's name, for instance <c>prosaas-api</c>.</param>
/// <param name="Version">The release, without build metadata.</param>
/// <param name="Commit">The commit it was built from, or <c>unknown</c>.</param>
public sealed record ServiceIdentity(string Service, string Version, string Commit)
{
    internal static ServiceIdentity Create(string service, Assembly assembly)
    {
        var informational = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
        var parts = informational.Split('+', 2);
        return new ServiceIdentity(service, parts[0], parts.Length is 2 ? parts[1] : "unknown");
    }
}
