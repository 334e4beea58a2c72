using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace ProSaas.Api.Startup;

/// <summary>
/// Runs again what failed for a moment, and never what ran out of time: it would hold a connection as long again, for a request that
/// has waited already.
/// </summary>
internal sealed class TransientRetry(ExecutionStrategyDependencies dependencies, int maxRetries, TimeSpan maxDelay)
    : NpgsqlRetryingExecutionStrategy(dependencies, maxRetries, maxDelay, errorCodesToAdd: null)
{
    protected override bool ShouldRetryOn(Exception? exception) => !StatementTimeout.Is(exception) && base.ShouldRetryOn(exception);
}
