using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ProSaas.Data.Businesses;

namespace ProSaas.Data.WhatsApp;

internal sealed class WhatsAppSessionConfiguration : IEntityTypeConfiguration<WhatsAppSession>
{
    public void Configure(EntityTypeBuilder<WhatsAppSession> session)
    {
        session.ToTable("whatsapp_sessions", table => table.HasCheckConstraint(
            "ck_whatsapp_sessions_state", "state IN ('pairing', 'connecting', 'connected', 'degraded', 'logged_out')"));
        session.HasKey(s => s.BusinessId);
        session.Property(s => s.BusinessId).ValueGeneratedNever();
        session.HasOne<Business>().WithOne().HasForeignKey<WhatsAppSession>(s => s.BusinessId).OnDelete(DeleteBehavior.Cascade);
    }
}
