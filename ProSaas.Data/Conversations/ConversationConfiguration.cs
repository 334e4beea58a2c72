using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ProSaas.Data.Conversations;

internal sealed class ConversationConfiguration : IEntityTypeConfiguration<Conversation>
{
    public void Configure(EntityTypeBuilder<Conversation> conversation)
    {
        conversation.ToTable(table =>
        {
            table.HasCheckConstraint("ck_conversations_channel", ContactConfiguration.ChannelIsKnown);
            table.HasCheckConstraint("ck_conversations_lease", "(lease_owner IS NULL) = (lease_expires_at IS NULL)");
        });
        conversation.HasKey(c => new { c.BusinessId, c.Id });
        conversation.Property(c => c.Id).UseIdentityAlwaysColumn();
        conversation.Property(c => c.Channel).HasConversion<EnumNameConverter<AgentChannel>>();
        conversation.Property(c => c.StartedAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        conversation.Property(c => c.LastMessageAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        conversation.Property(c => c.FencingToken).HasDefaultValueSql("0").ValueGeneratedOnAdd();
        conversation.HasOne<Contact>().WithMany().HasForeignKey(c => new { c.BusinessId, c.ContactId });

        // A contact's latest conversation.
        conversation.HasIndex(c => new { c.BusinessId, c.ContactId, c.Id });

        // Retention asks for the oldest.
        conversation.HasIndex(c => new { c.BusinessId, c.LastMessageAt });
    }
}
