using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Control;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using ProSaas.Tests.AppHost.StandIns.Running;
using ProSaas.Tests.Architecture;

namespace ProSaas.Tests.AppHost.StandIns.Control;

/// <summary>An application of puppets that can be asked for its resources as if it were the one of this checkout.</summary>
internal sealed class ControlledStage : IAsyncDisposable
{
    private readonly PuppetStage _stage = new();
    private readonly AccessFile _access;
    private ControlServer? _server;

    public ControlledStage() => _access = new AccessFile(
        new AppHostIdentity(Path.Combine(Repository.Root, "ProSaas.AppHost"), "ProSaas.AppHost", []), Path.Combine(StateHome, "prosaas"));

    /// <summary>What <c>XDG_STATE_HOME</c> is for whoever asks.</summary>
    public string StateHome { get; } = Directory.CreateTempSubdirectory("prosaas-state-").FullName;

    public string AccessPath => _access.Path;

    /// <summary>How often the command that loses data was run.</summary>
    public int Resets { get; private set; }

    /// <summary>A server with an address, and a database with a command that loses data, one that fails, one that cannot be run and one that is hidden.</summary>
    public async Task StartAsync()
    {
        _stage.Add("server")
            .WithAnnotation(new EndpointAnnotation("http", "http"))
            .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/docs", "Documents"));
        _stage.Add("database")
            .WithCommand("reset", "Reset", _ => ResetAsync(), new CommandOptions { ConfirmationMessage = "Everything is lost. Reset it?", IsHighlighted = true })
            .WithCommand("break", "Break", _ => Task.FromResult(CommandResults.Failure("the disk is full")))
            .WithCommand("later", "Later", _ => ResetAsync(), new CommandOptions { UpdateState = _ => ResourceCommandState.Disabled })
            .WithCommand("secret", "Secret", _ => ResetAsync(), new CommandOptions { UpdateState = _ => ResourceCommandState.Hidden });
        await _stage.StartAsync();
        await _stage.UntilAsync("server", "Running");
        await _stage.UntilAsync("database", "Running");

        var services = _stage.Application.Services;
        _server = new ControlServer(ActivatorUtilities.CreateInstance<ResourceControl>(services), _access, services.GetRequiredService<IResourceConsole>());
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public Task StopAsync() => _server!.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>One line of the access file.</summary>
    public string Access(string name) => File.ReadLines(AccessPath).Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    /// <summary>A client with the token of the access file.</summary>
    public HttpClient CreateClient() => new()
    {
        BaseAddress = new Uri($"http://{Access("address")}"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Access("token")) },
    };

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _stage.DisposeAsync();
        Directory.Delete(StateHome, recursive: true);
    }

    private Task<ExecuteCommandResult> ResetAsync()
    {
        Resets++;
        return Task.FromResult(CommandResults.Success());
    }
}
