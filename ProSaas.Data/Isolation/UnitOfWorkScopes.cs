using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ProSaas.Data;

/// <summary>Units of work for those who live as long as the process and have no scope of their own.</summary>
public static class UnitOfWorkScopes
{
    /// <inheritdoc cref="UnitOfWork.AsSystemAsync"/>
    public static async Task<T> AsSystemAsync<T>(
        this IServiceScopeFactory scopes,
        string purpose,
        Func<ProSaasDbContext, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().AsSystemAsync(purpose, work, cancellationToken);
    }

    /// <inheritdoc cref="UnitOfWork.BatchForBusinessAsync"/>
    public static async Task<T> BatchForBusinessAsync<T>(
        this IServiceScopeFactory scopes,
        long businessId,
        Action<NpgsqlBatch> fill,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken,
        bool readsOnly = false)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>()
            .BatchForBusinessAsync(businessId, fill, read, cancellationToken, readsOnly);
    }
}
