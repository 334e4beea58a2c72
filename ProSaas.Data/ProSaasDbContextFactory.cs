using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ProSaas.Data;

/// <summary>Lets <c>dotnet ef</c> make migrations and the compiled model; it never connects.</summary>
internal sealed class ProSaasDbContextFactory : IDesignTimeDbContextFactory<ProSaasDbContext>
{
    public ProSaasDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ProSaasDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
