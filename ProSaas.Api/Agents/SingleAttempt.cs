using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace ProSaas.Api.Agents;

/// <summary>
/// Keeps the context's own retries out of what runs inside it, for a caller that counts attempts and pauses between them
/// itself: strategies do not nest, the outer one decides.
/// </summary>
internal sealed class SingleAttempt(DbContext context) : ExecutionStrategy(context, maxRetryCount: 0, maxRetryDelay: TimeSpan.Zero)
{
    protected override bool ShouldRetryOn(Exception exception) => false;
}
