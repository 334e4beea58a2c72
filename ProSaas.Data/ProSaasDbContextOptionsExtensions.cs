using Microsoft.EntityFrameworkCore;
using ProSaas.Data.CompiledModel;
using ProSaas.Data.Isolation;

namespace ProSaas.Data;

public static class ProSaasDbContextOptionsExtensions
{
    /// <summary>Names, compiled model and the guard that refuses commands outside a unit of work.</summary>
    public static DbContextOptionsBuilder UseProSaasModel(this DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.UseSnakeCaseNamingConvention().UseModel(ProSaasDbContextModel.Instance).AddInterceptors(UnitOfWorkGuard.Instance);
    }
}
