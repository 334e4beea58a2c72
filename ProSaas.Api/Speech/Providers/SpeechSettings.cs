using System.Text.Json;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Speech.Providers;

/// <summary>Who speaks, and how it is reached. Read and checked once, before the host starts.</summary>
/// <param name="Provider"><see cref="Google"/>, <see cref="EspeakSpeechProvider.ProviderName"/> or <see cref="None"/>.</param>
/// <param name="Credentials">Google's, as JSON; null for others.</param>
/// <param name="Endpoint">Of Google, with its port; null for the worldwide one.</param>
/// <param name="Espeak">Null where it is not installed.</param>
/// <param name="Ffmpeg">Null where it is not installed.</param>
internal sealed record SpeechSettings(string Provider, string? Credentials, string? Endpoint, LocalProgram? Espeak, LocalProgram? Ffmpeg)
{
    public const string Google = "google";
    public const string None = "none";
    public const string ProviderKey = "Speech:Provider";

    private const string Auto = "auto";
    private const string CredentialsFile = "GOOGLE_APPLICATION_CREDENTIALS";
    private const string CredentialsJson = "GOOGLE_CREDENTIALS_JSON";
    private const string EndpointKey = "Speech:GoogleEndpoint";
    private const string EspeakInstallation =
        $"{EspeakSpeechProvider.Program} is on the PATH (on Debian: apt-get install {EspeakSpeechProvider.Program})";

    /// <summary>
    /// <c>auto</c>, the default, is Google where there are credentials, else espeak-ng where it is on the PATH,
    /// else none.
    /// </summary>
    /// <exception cref="ConfigurationException">A setting is missing or wrong.</exception>
    public static SpeechSettings Read(IConfiguration configuration)
    {
        var espeak = LocalProgram.Find(EspeakSpeechProvider.Program);
        var ffmpeg = LocalProgram.Find(EspeakSpeechProvider.FfmpegProgram);
        var name = NotEmpty(configuration[ProviderKey]) ?? Auto;
        if (name is Auto)
        {
            name = NotEmpty(configuration[CredentialsFile]) is not null || NotEmpty(configuration[CredentialsJson]) is not null ? Google
                : espeak is not null ? EspeakSpeechProvider.ProviderName
                : None;
        }

        return name switch
        {
            Google => new(name, ReadCredentials(configuration), ReadEndpoint(configuration), espeak, ffmpeg),
            EspeakSpeechProvider.ProviderName when espeak is not null => new(name, Credentials: null, Endpoint: null, espeak, ffmpeg),
            EspeakSpeechProvider.ProviderName => throw new ConfigurationException(
                ProviderKey, name, $"{name} only where {EspeakInstallation}"),
            None => new(name, Credentials: null, Endpoint: null, Espeak: null, Ffmpeg: null),
            _ => throw new ConfigurationException(ProviderKey, name, "auto, google, espeak or none"),
        };
    }

    /// <summary>Without the credentials, which have no place in a log.</summary>
    public override string ToString() => Provider;

    private static string ReadCredentials(IConfiguration configuration)
    {
        const string Allowed = "credentials of Google in JSON, with their type";
        if (NotEmpty(configuration[CredentialsJson]) is { } json)
        {
            return IsCredentials(json) ? json : throw new ConfigurationException(CredentialsJson, "***", Allowed);
        }

        var file = NotEmpty(configuration[CredentialsFile]) ?? throw new ConfigurationException(
            CredentialsFile, value: null, $"a file with {Allowed}, or the same in {CredentialsJson}");
        try
        {
            var text = File.ReadAllText(file);
            return IsCredentials(text) ? text : throw new ConfigurationException(CredentialsFile, file, $"a file with {Allowed}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(CredentialsFile, file, $"a file that can be read, with {Allowed}");
        }
    }

    private static bool IsCredentials(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is JsonValueKind.Object
                && document.RootElement.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A region's own keeps what is spoken there: <c>eu-texttospeech.googleapis.com</c>.</summary>
    private static string? ReadEndpoint(IConfiguration configuration)
    {
        var endpoint = NotEmpty(configuration[EndpointKey]);
        var isHost = Uri.TryCreate($"https://{endpoint}", UriKind.Absolute, out var address)
            && address.Authority.Equals(endpoint, StringComparison.OrdinalIgnoreCase);
        return endpoint is null || isHost
            ? endpoint
            : throw new ConfigurationException(
                EndpointKey, endpoint, "a host, with a port if it is not 443, for instance eu-texttospeech.googleapis.com");
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
