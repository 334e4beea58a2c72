using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ProSaas.Data.Conversations;

internal sealed class OwnerMessageConfiguration : IEntityTypeConfiguration<OwnerMessage>
{
    public void Configure(EntityTypeBuilder<OwnerMessage> message)
    {
        message.ToTable("owner_messages");
        message.HasKey(m => new { m.BusinessId, m.Id });
        message.Property(m => m.Id).UseIdentityAlwaysColumn();
        message.Property(m => m.CreatedAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        message.HasOne<Conversation>().WithMany()
            .HasForeignKey(m => new { m.BusinessId, m.ConversationId }).OnDelete(DeleteBehavior.Cascade);
    }
}
