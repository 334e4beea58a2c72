using System.Net.Http.Headers;

namespace ProSaas.Tests.Fuzz;

/// <summary>A client for each actor. Whoever was logged out, disabled or removed by a generated request is a new one.</summary>
internal sealed class FuzzClients(TestApi api) : IDisposable
{
    public const long Business = 1;
    private const long OthersBusiness = 2;

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Dictionary<Actor, ApiClient> _clients = [];

    /// <summary>Makes the actor's account and logs it in, unless that is done.</summary>
    public async Task PrepareAsync(Actor actor)
    {
        if (!_clients.ContainsKey(actor))
        {
            _clients[actor] = await CreateAsync(actor);
        }
    }

    /// <summary>Sends it and reads the answer to its end; the actor is prepared.</summary>
    public async Task<ApiAnswer> SendAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(
            new HttpMethod(request.Operation.Method),
            new Uri(api.Service.Http.BaseAddress! + request.Target[1..], AsItIs));
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        foreach (var (name, value) in request.Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _clients[request.Actor].SendAsync(message, cancellationToken);
        return await ApiAnswer.ReadAsync(response);
    }

    /// <summary>The actor is somebody else from now on.</summary>
    public void Forget(Actor actor)
    {
        if (_clients.Remove(actor, out var client))
        {
            client.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private async Task<ApiClient> CreateAsync(Actor actor)
    {
        switch (actor)
        {
            case Actor.Nobody:
                return api.CreateClient();
            case Actor.Service:
                var service = api.CreateClient();
                service.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BaileysServer.Secret);
                return service;
            case Actor.Administrator:
                return await api.LogInAsync(await api.Accounts.CreateAsync(isSystemAdmin: true));
            case Actor.Member:
                return await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(Business, "member")]));
            case Actor.Stranger:
                return await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(OthersBusiness, "owner")]));
            case Actor.Program:
                var program = api.CreateClient();
                var owner = await api.Accounts.CreateAsync(memberships: [(Business, "owner")]);
                var tokens = await program.PostAsync("/api/auth/token", new { email = owner.Email, password = owner.Password });
                program.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Json.GetProperty("accessToken").GetString());
                return program;
            default:
                return await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(Business, "owner")]));
        }
    }
}
