using Microsoft.EntityFrameworkCore;
using ProSaas.Data;

namespace ProSaas.Api.Startup;

/// <summary>
/// Prepares the model and the translation of queries while the schema gate waits, and reads nothing of the database. Left to the
/// first unit of work, it would take the processor from requests just when the gate has opened.
/// </summary>
internal sealed class ContextPreparation(IServiceScopeFactory scopes) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ProSaasDbContext>();
        _ = context.Accounts.Where(account => account.Email == "")
            .OrderBy(account => account.Id).Select(account => account.Id).ToQueryString();
    }
}
