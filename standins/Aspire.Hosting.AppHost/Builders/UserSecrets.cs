using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting;

/// <summary>The developer's own settings of an AppHost, kept outside the repository, where generated secrets survive a restart.</summary>
/// <param name="assembly">The AppHost, which names its store by a <c>UserSecretsId</c>.</param>
internal sealed class UserSecrets(Assembly? assembly)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _lock = new();

    private string? Path { get; } =
        assembly?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId is { Length: > 0 } id ? PathHelper.GetSecretsPathFromSecretsId(id) : null;

    /// <summary>The stored value, or null.</summary>
    public string? Read(string key)
    {
        lock (_lock)
        {
            return Load()[key]?.ToString();
        }
    }

    /// <summary>Stores a value.</summary>
    /// <returns>False if the AppHost has no store or the store cannot be written.</returns>
    public bool TryWrite(string key, string value)
    {
        if (Path is null)
        {
            return false;
        }

        lock (_lock)
        {
            var secrets = Load();
            secrets[key] = value;
            try
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
                var draft = $"{Path}.{Environment.ProcessId}";
                var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows())
                {
                    options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                }

                using (var writer = new StreamWriter(draft, options))
                {
                    writer.Write(secrets.ToJsonString(Indented));
                }

                File.Move(draft, Path, overwrite: true);
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private JsonObject Load()
    {
        if (Path is null || !File.Exists(Path))
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(Path)) as JsonObject ?? [];
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The user secrets file '{Path}' is not valid JSON: correct or delete it.", exception);
        }
    }
}
