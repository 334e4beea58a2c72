using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace ProSaas.AppHost;

/// <summary>What a developer does with the agents while the application runs.</summary>
internal sealed class AgentCommands(EndpointReference endpoint, string key)
{
    /// <summary>An API in development lets in who sends this key, which is another one in each run.</summary>
    private const string KeyVariable = "Startup__RewarmKey";
    private const string KeyHeader = "X-Rewarm-Key";

    /// <summary>Adds the commands to the API.</summary>
    public static void Add(IResourceBuilder<ProjectResource> api)
    {
        var key = RandomNumberGenerator.GetHexString(32);
        var commands = new AgentCommands(api.GetEndpoint("http"), key);
        api.WithEnvironment(KeyVariable, key)
            .WithCommand("rewarm-agents", "Re-warm agents", commands.RewarmAsync, new CommandOptions
            {
                Description = "Reads all businesses again and makes their agents anew.",
                IconName = "Fire",
                IsHighlighted = true,
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                    ? ResourceCommandState.Enabled
                    : ResourceCommandState.Disabled,
            });
    }

    private async Task<ExecuteCommandResult> RewarmAsync(ExecuteCommandContext context)
    {
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri((await endpoint.GetValueAsync(context.CancellationToken))!) };
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/startup/rewarm", UriKind.Relative));
            request.Headers.Add(KeyHeader, key);
            using var response = await client.SendAsync(request, context.CancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return CommandResults.Success();
            }

            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken);
            return CommandResults.Failure($"The API answered {(int)response.StatusCode}: {problem.GetProperty("detail").GetString()}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or KeyNotFoundException)
        {
            return CommandResults.Failure($"The API could not be asked: {exception.Message}");
        }
    }
}
