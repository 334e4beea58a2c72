using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Bench.SchemaGate;

/// <summary>An API of one <c>MapGet</c>, in a process of its own; with the start-up pipeline when asked.</summary>
internal static class BareApi
{
    public const string Command = "bare";
    public const string WithPipeline = "pipeline";

    public static async Task RunAsync(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        if (arguments is [WithPipeline])
        {
            builder.Services.AddStartupPipeline(ProductionEnvironment.Resolve([]));
            builder.Services.AddStartupPhase<FirstPhase>();
            builder.Services.AddStartupPhase<SecondPhase>();
        }

        await using var app = builder.Build();
        app.MapGet("/livez", () => "alive");
        await app.RunAsync();
    }

    public static ChildProcess Start(int port, params IEnumerable<string> arguments) =>
        ChildProcess.Start(
            ["dotnet", typeof(BareApi).Assembly.Location, Command, .. arguments], [new("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")]);

    private sealed class FirstPhase : StartupPhase
    {
        public override string Name => "first";

        protected override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class SecondPhase : StartupPhase
    {
        public override string Name => "second";

        public override string? After => "first";

        protected override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
