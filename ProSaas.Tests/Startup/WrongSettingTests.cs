using System.Net.Sockets;

namespace ProSaas.Tests.Startup;

/// <summary>The API as a real process with settings that cannot be: one line, and out. No database is asked.</summary>
public sealed class WrongSettingTests
{
    [Theory]
    [InlineData("Logging__LogLevel__Default", "Loud",
        "Logging:LogLevel:Default is 'Loud'. Allowed: Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "urls is 'nonsense'. Allowed: http:// or https:// addresses")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:99999", "urls is 'http://127.0.0.1:99999'.")]
    [InlineData("ASPNETCORE_URLS", "ftp://127.0.0.1:0", "urls is 'ftp://127.0.0.1:0'.")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "80O", "http_ports is '80O'. Allowed: ports from 0 to 65535")]
    [InlineData("Startup__MigrationTimeout", "soon", "Startup:MigrationTimeout is 'soon'. Allowed: a duration as hh:mm:ss.")]
    [InlineData("Startup__MigrationTimeout", "00:00:00",
        "Startup:MigrationTimeout is '00:00:00'. Allowed: 00:00:00.1000000 to 1.00:00:00.")]
    [InlineData("Budgets__RepliesPerCustomer", "0", "Budgets:RepliesPerCustomer is '0'. Allowed: 1 to 1000000000.")]
    [InlineData("Agents__MaxPromptTokens", "100", "Agents:MaxPromptTokens is '100'. Allowed: 8000 to 1000000.")]
    [InlineData("AgentWarmup__MaxConcurrency", "many", "AgentWarmup:MaxConcurrency is 'many'. Allowed: a whole number.")]
    [InlineData("ConnectionStrings__prosaasdb", "", "ConnectionStrings:prosaasdb is not set.")]
    [InlineData("ConnectionStrings__prosaasdb", "Host=x;Password=geheim;Nonsense=1", "ConnectionStrings:prosaasdb is '***")]
    [InlineData("Agents__Provider", "gpt", "Agents:Provider is 'gpt'. Allowed: auto, openai, ollama or embedded.")]
    [InlineData("Agents__Provider", "openai", "OPENAI_API_KEY is not set. Allowed: the provider's key")]
    [InlineData("Agents__Provider", "ollama", "OLLAMA_MODEL is not set. Allowed: the name of a model")]
    [InlineData("Agents__AttemptTimeout", "1.00:00:00", "Agents:AttemptTimeout is '1.00:00:00'. Allowed: 00:00:00.1000000 to 00:05:00.")]
    [InlineData("OPENAI_API_KEY", "geheim key", "OPENAI_API_KEY is '***'. Allowed: the provider's key")]
    [InlineData("Speech__Provider", "alexa", "Speech:Provider is 'alexa'. Allowed: auto, google, espeak or none.")]
    [InlineData("Speech__Provider", "google", "GOOGLE_APPLICATION_CREDENTIALS is not set. Allowed: a file with credentials")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json",
        "GOOGLE_APPLICATION_CREDENTIALS is '/nowhere/key.json'. Allowed: a file that can be read")]
    [InlineData("GOOGLE_CREDENTIALS_JSON", "{\"geheim\":1}", "GOOGLE_CREDENTIALS_JSON is '***'. Allowed: credentials of Google in JSON")]
    [InlineData("Speech__AttemptTimeout", "1.00:00:00", "Speech:AttemptTimeout is '1.00:00:00'. Allowed: 00:00:00.1000000 to 00:05:00.")]
    [InlineData("Logging__Console__FormatterName", "xml", "Logging:Console:FormatterName is 'xml'. Allowed: line or json.")]
    public async Task Wrong_setting_ends_in_one_line_and_78(string variable, string value, string expected)
    {
        await using var api = ServiceHandle.StartApi(Environment((variable, value)));

        (await api.WaitForExitAsync()).ShouldBe(78);
        await api.UntilLineAsync(expected);
        api.Lines.Count.ShouldBe(1);
        api.Lines[0].ShouldNotContain("geheim");
    }

    [Fact]
    public async Task Port_in_use_ends_in_one_error_and_69()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var api = ServiceHandle.StartApi(Environment(("ASPNETCORE_URLS", $"http://{taken.LocalEndpoint}")));

        (await api.WaitForExitAsync()).ShouldBe(69);
        await api.UntilLineAsync("Stop the process that listens there, or set ASPNETCORE_URLS to a free address.");
        api.Lines.Where(line => line.Contains("ERROR", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain($"{taken.LocalEndpoint}");
        api.Lines.ShouldAllBe(line => !line.Contains("   at ", StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> Environment(params (string Name, string Value)[] more) =>
        new TestDatabase("Host=127.0.0.1;Port=1;Database=none;Username=u").ApiEnvironment(more);
}
