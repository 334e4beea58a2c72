using System.Text.RegularExpressions;

namespace ProSaas.AppHost;

/// <summary>The passwords of the application, which stand in connection strings as they are.</summary>
internal static partial class Passwords
{
    /// <summary>Adds a password, generated unless <c>Parameters:NAME</c> is set, and kept.</summary>
    /// <exception cref="StartFailure">The one that is set has characters which a connection string reads otherwise.</exception>
    public static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.Configuration.GetSection("Parameters")[name] is { } password && !Plain().IsMatch(password))
        {
            throw new StartFailure(StartFailure.Configuration,
                $"Parameters:{name} is not a password for a connection string. Allowed: all characters but blanks, quotes, backslashes, semicolons and equals signs, at least one.");
        }

        // One that is generated stands unencoded in the URIs of published files too.
        return builder.AddParameter(name, new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);
    }

    [GeneratedRegex("""^[^\s;='"\\]+$""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
