using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ProSaas.Data.Conversations;

namespace ProSaas.Data.WhatsApp;

internal sealed class WhatsAppMessageConfiguration : IEntityTypeConfiguration<WhatsAppMessage>
{
    public void Configure(EntityTypeBuilder<WhatsAppMessage> message)
    {
        message.ToTable("whatsapp_messages", table => table.HasCheckConstraint(
            "ck_whatsapp_messages_outcome",
            "(settled_at IS NULL) = (outcome IS NULL) AND outcome IN ('answered', 'silent', 'undeliverable')"));
        message.HasKey(m => new { m.BusinessId, m.Id });
        message.Property(m => m.Id).UseIdentityAlwaysColumn();
        message.Property(m => m.ReceivedAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        message.Property(m => m.Attempts).HasDefaultValueSql("0").ValueGeneratedNever();
        message.Property(m => m.Failures).HasDefaultValueSql("0").ValueGeneratedNever();
        message.Property(m => m.NextAttemptAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        message.HasOne<Message>().WithMany().HasForeignKey(m => new { m.BusinessId, m.MessageId });
        message.HasIndex(m => new { m.BusinessId, m.MessageId }).IsUnique();

        // What there is to do: a handful of rows at any time.
        message.HasIndex(m => new { m.BusinessId, m.Sender, m.Id })
            .HasFilter("settled_at IS NULL").HasDatabaseName("ix_whatsapp_messages_open");
    }
}
