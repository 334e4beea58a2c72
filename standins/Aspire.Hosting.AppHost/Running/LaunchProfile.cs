using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>The profile of a project's <c>launchSettings.json</c> that it is started with.</summary>
/// <param name="ApplicationUrl">Addresses, separated by semicolons.</param>
/// <param name="CommandLineArguments">Arguments.</param>
/// <param name="EnvironmentVariables">Variables.</param>
internal sealed record LaunchProfile(string? ApplicationUrl, IReadOnlyList<string> CommandLineArguments, IReadOnlyDictionary<string, string> EnvironmentVariables)
{
    /// <summary>The profile of the same name as the AppHost's own, else the first that starts the project.</summary>
    /// <returns>Null if there is none.</returns>
    public static LaunchProfile? Of(ProjectResource project, IConfiguration configuration)
    {
        var file = Path.Combine(Path.GetDirectoryName(project.Metadata.ProjectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return null;
        }

        using var document = Parse(file);
        if (!document.RootElement.TryGetProperty("profiles", out var profiles))
        {
            return null;
        }

        var ownName = configuration["DOTNET_LAUNCH_PROFILE"] ?? Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE");
        var candidates = profiles.EnumerateObject().Where(p => Text(p.Value, "commandName") is "Project").ToList();
        var chosen = candidates.Find(p => p.Name.Equals(ownName, StringComparison.Ordinal));
        chosen = chosen.Value.ValueKind == JsonValueKind.Undefined ? candidates.FirstOrDefault() : chosen;
        return chosen.Value.ValueKind == JsonValueKind.Undefined ? null : Read(chosen.Value);
    }

    private static LaunchProfile Read(JsonElement profile)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (profile.TryGetProperty("environmentVariables", out var values))
        {
            foreach (var variable in values.EnumerateObject())
            {
                variables[variable.Name] = Environment.ExpandEnvironmentVariables(variable.Value.ToString());
            }
        }

        var arguments = Text(profile, "commandLineArgs")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new LaunchProfile(Text(profile, "applicationUrl"), arguments, variables);
    }

    private static JsonDocument Parse(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"The launch settings '{file}' are not valid JSON: {exception.Message}");
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
