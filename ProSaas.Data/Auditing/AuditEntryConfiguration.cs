using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ProSaas.Data.Businesses;

namespace ProSaas.Data.Auditing;

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.Property(e => e.Before).HasColumnType("jsonb");
        entry.Property(e => e.After).HasColumnType("jsonb");
        entry.Property(e => e.At).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        entry.HasOne<Business>().WithMany().HasForeignKey(e => e.BusinessId);

        // Row-level security keeps the planner from other indexes: each leads with the business.
        entry.HasIndex(e => new { e.BusinessId, e.Id });
    }
}
