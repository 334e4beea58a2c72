using Microsoft.EntityFrameworkCore;
using ProSaas.Data.Isolation;

namespace ProSaas.Data;

public static class ProSaasDbContextOptionsExtensions
{
    /// <summary>Names, and the guard that refuses commands outside a unit of work. EF finds the compiled model by itself.</summary>
    public static DbContextOptionsBuilder UseProSaasModel(this DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.UseSnakeCaseNamingConvention().AddInterceptors(UnitOfWorkGuard.Instance);
    }
}
