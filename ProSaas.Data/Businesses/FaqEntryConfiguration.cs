using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ProSaas.Data.Businesses;

internal sealed class FaqEntryConfiguration : IEntityTypeConfiguration<FaqEntry>
{
    public void Configure(EntityTypeBuilder<FaqEntry> entry)
    {
        entry.ToTable(table => table.HasCheckConstraint("ck_faq_entries_question", "btrim(question) <> ''"));
        entry.Property(e => e.Position).HasDefaultValueSql("0").ValueGeneratedNever();
        entry.Property(e => e.RowVersion).IsRowVersion();

        // Row-level security keeps the planner from other indexes: each leads with the business.
        entry.HasIndex(e => new { e.BusinessId, e.Position });
    }
}
