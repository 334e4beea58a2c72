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

    /// <summary>
    /// <c>auto</c>, the default, means the OpenAI-compatible provider where <c>OPENAI_API_KEY</c> is set and
    /// the embedded answerer elsewhere.
    /// </summary>
    /// <exception cref="ConfigurationException">A setting is missing or wrong.</exception>
    public static ProviderSettings Read(IConfiguration configuration)
    {
        var name = configuration.GetText(ProviderKey) ?? Auto;
        if (name is Auto)
        {
            name = configuration.GetText(OpenAiKey) is null ? Embedded : OpenAi;
        }

        return name switch
        {
            Embedded => new(Embedded),
            OpenAi => new(
                OpenAi,
                configuration.GetHttpAddress("OPENAI_BASE_URL") ?? new("https://api.openai.com/v1"),
                configuration.GetText("OPENAI_MODEL") ?? "gpt-4o-mini",
                configuration.GetSecret(OpenAiKey, "the provider's key: visible ASCII characters without spaces")),
            Ollama => new(
                Ollama,
                configuration.GetHttpAddress("OLLAMA_BASE_URL") ?? new("http://127.0.0.1:11434"),
                configuration.GetText(OllamaModel) ?? throw new ConfigurationException(
                    OllamaModel, value: null, "the name of a model that the Ollama server has, for instance llama3.2")),
            _ => throw new ConfigurationException(ProviderKey, name, "auto, openai, ollama or embedded"),
        };
    }

    /// <summary>Without the key, which has no place in a log.</summary>
    public override string ToString() => $"{Name} {Model} at {Address}";
}
