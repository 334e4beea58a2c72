using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ProSaas.Data.Businesses;

namespace ProSaas.Data.Conversations;

internal sealed class ContactConfiguration : IEntityTypeConfiguration<Contact>
{
    internal const string ChannelIsKnown = "channel IN ('calls', 'whatsapp')";

    public void Configure(EntityTypeBuilder<Contact> contact)
    {
        contact.ToTable(table =>
        {
            table.HasCheckConstraint("ck_contacts_channel", ChannelIsKnown);
            table.HasCheckConstraint("ck_contacts_external_id", "btrim(external_id) <> ''");
        });
        contact.HasKey(c => new { c.BusinessId, c.Id });
        contact.Property(c => c.Id).UseIdentityAlwaysColumn();
        contact.Property(c => c.Channel).HasConversion<EnumNameConverter<AgentChannel>>();
        contact.HasOne<Business>().WithMany().HasForeignKey(c => c.BusinessId);

        // The customer before the channel: one person's contacts are queried together.
        contact.HasIndex(c => new { c.BusinessId, c.ExternalId, c.Channel }).IsUnique();
    }
}
