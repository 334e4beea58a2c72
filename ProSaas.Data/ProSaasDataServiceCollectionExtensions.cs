using Microsoft.Extensions.DependencyInjection;

namespace ProSaas.Data;

public static class ProSaasDataServiceCollectionExtensions
{
    /// <summary>Adds the unit of work over the <see cref="ProSaasDbContext"/> that the caller registers, scoped like it.</summary>
    public static IServiceCollection AddProSaasData(this IServiceCollection services) => services.AddScoped<UnitOfWork>();
}
