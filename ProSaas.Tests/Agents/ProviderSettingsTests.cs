using Microsoft.Extensions.Configuration;
using ProSaas.Api.Agents.Providers;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Tests.Agents;

public sealed class ProviderSettingsTests
{
    [Fact]
    public void Provider_is_the_one_with_a_key_unless_another_is_named()
    {
        Read().ShouldBe(new ProviderSettings("embedded"));
        Read(("OPENAI_API_KEY", " ")).Name.ShouldBe("embedded");
        Read(("OPENAI_API_KEY", "k")).ShouldBe(new ProviderSettings("openai", new Uri("https://api.openai.com/v1"), "gpt-4o-mini", "k"));
        Read(("OPENAI_API_KEY", "k"), ("Agents:Provider", "embedded")).Name.ShouldBe("embedded");
        Read(("Agents:Provider", "ollama"), ("OLLAMA_MODEL", "m"))
            .ShouldBe(new ProviderSettings("ollama", new Uri("http://127.0.0.1:11434"), "m"));
    }

    [Theory]
    [InlineData("nonsense", "OPENAI_BASE_URL is 'nonsense'. Allowed: an http:// or https:// address without user and password.")]
    [InlineData("ftp://files.example.com", "OPENAI_BASE_URL is 'ftp://files.example.com'.")]
    [InlineData("https://user:geheim@example.com", "OPENAI_BASE_URL is '***'.")]
    public void Wrong_address_is_told_without_secrets(string address, string expected) =>
        Should.Throw<ConfigurationException>(() => Read(("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", address))).Message
            .ShouldStartWith(expected);

    [Fact]
    public void Key_does_not_stand_in_the_settings_text() =>
        Read(("OPENAI_API_KEY", "geheim")).ToString().ShouldNotContain("geheim");

    private static ProviderSettings Read(params (string Key, string? Value)[] settings) =>
        ProviderSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build());
}
