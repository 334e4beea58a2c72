using Microsoft.EntityFrameworkCore;
using ProSaas.Data;

namespace ProSaas.Tests.Data;

/// <summary>The data layer as the API registers it: pooled contexts with retries, as the API's role.</summary>
internal sealed class DataServices : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    public DataServices(string connectionString) => _provider = new ServiceCollection()
        .AddLogging()
        .AddProSaasData()
        .AddDbContextPool<ProSaasDbContext>(options =>
            options.UseNpgsql(connectionString, npgsql => npgsql.EnableRetryOnFailure()).UseProSaasModel())
        .BuildServiceProvider();

    public async Task<T> InScopeAsync<T>(Func<UnitOfWork, ProSaasDbContext, Task<T>> act)
    {
        await using var scope = _provider.CreateAsyncScope();
        return await act(
            scope.ServiceProvider.GetRequiredService<UnitOfWork>(), scope.ServiceProvider.GetRequiredService<ProSaasDbContext>());
    }

    public Task<T> ForBusinessAsync<T>(long businessId, Func<ProSaasDbContext, CancellationToken, Task<T>> work) =>
        InScopeAsync((unit, _) => unit.ForBusinessAsync(businessId, work, TestContext.Current.CancellationToken));

    public Task<T> AsSystemAsync<T>(Func<ProSaasDbContext, CancellationToken, Task<T>> work) =>
        InScopeAsync((unit, _) => unit.AsSystemAsync("test", work, TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
