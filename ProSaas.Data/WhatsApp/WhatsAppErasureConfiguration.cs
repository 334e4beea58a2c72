using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ProSaas.Data.WhatsApp;

internal sealed class WhatsAppErasureConfiguration : IEntityTypeConfiguration<WhatsAppErasure>
{
    public void Configure(EntityTypeBuilder<WhatsAppErasure> erasure)
    {
        erasure.ToTable("whatsapp_erasures");
        erasure.HasKey(e => new { e.BusinessId, e.Id });
        erasure.Property(e => e.Id).UseIdentityAlwaysColumn();
        erasure.Property(e => e.RequestedAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
    }
}
