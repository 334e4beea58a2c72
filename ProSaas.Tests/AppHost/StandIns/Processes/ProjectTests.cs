using System.Net;
using System.Net.Sockets;

namespace ProSaas.Tests.AppHost.StandIns.Processes;

/// <summary>A small web project, run by an AppHost.</summary>
public sealed class ProjectTests : IDisposable
{
    /// <summary>Answers with its process and one of its variables.</summary>
    private const string Web = """
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, new System.Uri(System.Environment.GetEnvironmentVariable("ASPNETCORE_URLS")!).Port);
        listener.Start();
        while (true)
        {
            _ = AnswerAsync(await listener.AcceptTcpClientAsync());
        }

        static async System.Threading.Tasks.Task AnswerAsync(System.Net.Sockets.TcpClient client)
        {
            using var connection = client.GetStream();
            using var reader = new System.IO.StreamReader(connection);
            var request = await reader.ReadLineAsync();
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }

            var answer = System.Environment.ProcessId + " " + System.Environment.GetEnvironmentVariable(request!.Split(' ')[1][1..]);
            await connection.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\nConnection: close\r\n\r\n{answer}"));
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("prosaas-apphost-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly int _port;

    public ProjectTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Directory.CreateDirectory(Path.Combine(_folder, "Web", "Properties"));
        File.WriteAllText(Path.Combine(_folder, "Web", "Web.csproj"), "");
        File.WriteAllText(Path.Combine(_folder, "Web", "Properties", "launchSettings.json"), $$"""
            {
              "profiles": {
                "https": { "commandName": "Executable" },
                "http": { "commandName": "Project", "applicationUrl": "http://localhost:{{_port}}", "environmentVariables": { "COLOUR": "blue" } }
              }
            }
            """);
        AppHostProcess.Compile(Web, Path.Combine(_folder, "Web", "Web.dll"));
    }

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Project_gets_its_profile_and_what_the_AppHost_says()
    {
        await using var host = AppHostProcess.Start(_folder, """
            builder.AddProject<Projects.Web>("web").WithHttpHealthCheck("COLOUR").WithEnvironment("services__other-one__http__0", "http://there");
            """);
        await host.UntilLineAsync("web: Healthy");

        (await AskAsync("COLOUR")).ShouldEndWith(" blue");
        (await AskAsync("OTEL_SERVICE_NAME")).ShouldEndWith(" web");
        (await AskAsync("ASPNETCORE_URLS")).ShouldEndWith($" http://127.0.0.1:{_port}");
        (await AskAsync("services__other-one__http__0")).ShouldEndWith(" http://there");
    }

    [Fact]
    public async Task Replicas_share_the_endpoint_and_those_that_are_gone_are_left_out()
    {
        await using var host = AppHostProcess.Start(_folder, """
            builder.AddProject<Projects.Web>("web").WithHttpHealthCheck("/COLOUR").WithReplicas(2);
            """);
        await host.UntilLineAsync("web-1: Healthy");
        await host.UntilLineAsync("web-2: Healthy");

        var first = await ProcessAsync();
        var second = await ProcessAsync();
        second.ShouldNotBe(first);
        (await AskAsync("OTEL_RESOURCE_ATTRIBUTES")).ShouldMatch(" service.instance.id=web-[12]$");

        using (var gone = System.Diagnostics.Process.GetProcessById(first))
        {
            gone.Kill();
        }

        await host.UntilLineAsync("Finished with exit code 137");
        (await ProcessAsync()).ShouldBe(second);
        (await ProcessAsync()).ShouldBe(second);
    }

    private async Task<int> ProcessAsync() => int.Parse((await AskAsync("")).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string> AskAsync(string variable)
    {
        // Each question has a connection of its own, as each goes to another replica.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_port}/{variable}") { Headers = { ConnectionClose = true } };
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
