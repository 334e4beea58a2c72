using Microsoft.EntityFrameworkCore;
using ProSaas.Data.Businesses;

namespace ProSaas.Data;

/// <summary>The tenants' data. Commands run inside a <see cref="UnitOfWork"/> only.</summary>
public sealed class ProSaasDbContext(DbContextOptions<ProSaasDbContext> options) : DbContext(options)
{
    public DbSet<Business> Businesses => Set<Business>();

    public DbSet<FaqEntry> FaqEntries => Set<FaqEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfiguration(new BusinessConfiguration());
        modelBuilder.ApplyConfiguration(new FaqEntryConfiguration());
    }
}
