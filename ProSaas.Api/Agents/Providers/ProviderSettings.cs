using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Agents.Providers;

/// <summary>Which provider answers, and how it is reached. Read and checked once, before the host starts.</summary>
/// <param name="Name"><c>openai</c>, <c>ollama</c> or <c>embedded</c>; also how answers and telemetry name it.</param>
/// <param name="Address">The root of its API; null for the embedded one.</param>
/// <param name="Model">The model asked for; null for the embedded one.</param>
/// <param name="ApiKey">Of the OpenAI-compatible provider alone.</param>
internal sealed record ProviderSettings(string Name, Uri? Address = null, string? Model = null, string? ApiKey = null)
{
    public const string OpenAi = "openai";
    public const string Ollama = "ollama";
    public const string Embedded = "embedded";

    private const string Auto = "auto";
    private const string ProviderKey = "Agents:Provider";
    private const string OpenAiKey = "OPENAI_API_KEY";
    private const string OllamaModel = "OLLAMA_MODEL";
    private const string AddressAllowed = "an http:// or https:// address without user and password";

    /// <summary><c>auto</c>, the default, means the OpenAI-compatible provider where <c>OPENAI_API_KEY</c> is set and the embedded answerer elsewhere.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or wrong.</exception>
    public static ProviderSettings Read(IConfiguration configuration)
    {
        var name = NotEmpty(configuration[ProviderKey]) ?? Auto;
        if (name is Auto)
        {
            name = NotEmpty(configuration[OpenAiKey]) is null ? Embedded : OpenAi;
        }

        return name switch
        {
            Embedded => new(Embedded),
            OpenAi => new(OpenAi, ReadAddress(configuration, "OPENAI_BASE_URL", "https://api.openai.com/v1"), NotEmpty(configuration["OPENAI_MODEL"]) ?? "gpt-4o-mini", ReadKey(configuration)),
            Ollama => new(
                Ollama,
                ReadAddress(configuration, "OLLAMA_BASE_URL", "http://127.0.0.1:11434"),
                NotEmpty(configuration[OllamaModel]) ?? throw new ConfigurationException(OllamaModel, value: null, "the name of a model that the Ollama server has, for instance llama3.2")),
            _ => throw new ConfigurationException(ProviderKey, name, "auto, openai, ollama or embedded"),
        };
    }

    /// <summary>Without the key, which has no place in a log.</summary>
    public override string ToString() => $"{Name} {Model} at {Address}";

    private static string ReadKey(IConfiguration configuration)
    {
        const string Allowed = "the provider's key: visible ASCII characters without spaces";
        var key = NotEmpty(configuration[OpenAiKey]) ?? throw new ConfigurationException(OpenAiKey, value: null, Allowed);
        return key.All(character => character is > ' ' and <= '~') ? key : throw new ConfigurationException(OpenAiKey, "***", Allowed);
    }

    private static Uri ReadAddress(IConfiguration configuration, string key, string defaultAddress)
    {
        var text = NotEmpty(configuration[key]) ?? defaultAddress;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new ConfigurationException(key, text.Contains('@', StringComparison.Ordinal) ? "***" : text, AddressAllowed);
        }

        return address.UserInfo is "" ? address : throw new ConfigurationException(key, "***", AddressAllowed);
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
