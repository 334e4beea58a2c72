using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ProSaas.Data.Conversations;

internal sealed class MessageConfiguration : IEntityTypeConfiguration<Message>, IEntityTypeConfiguration<OwnerMessage>
{
    public void Configure(EntityTypeBuilder<Message> message)
    {
        message.ToTable(table => table.HasCheckConstraint(
            "ck_messages_role",
            """
            role = 'customer' AND idempotency_key IS NOT NULL AND in_reply_to IS NULL
            OR role = 'agent' AND idempotency_key IS NULL AND in_reply_to IS NOT NULL AND answerer IS NOT NULL
            """));
        message.HasKey(m => new { m.BusinessId, m.Id });
        message.Property(m => m.Id).UseIdentityAlwaysColumn();
        message.Property(m => m.Role).HasConversion<EnumNameConverter<MessageRole>>();
        message.Property(m => m.CreatedAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        message.Property(m => m.IsFallback).HasDefaultValueSql("false").ValueGeneratedNever();
        message.Property(m => m.TookMessage).HasDefaultValueSql("false").ValueGeneratedNever();
        message.Property(m => m.HandedOver).HasDefaultValueSql("false").ValueGeneratedNever();
        message.HasOne<Conversation>().WithMany().HasForeignKey(m => new { m.BusinessId, m.ConversationId });

        message.HasIndex(m => new { m.BusinessId, m.ConversationId, m.Id });
        message.HasIndex(m => new { m.BusinessId, m.IdempotencyKey }).IsUnique().HasFilter("idempotency_key IS NOT NULL");

        // One reply a message.
        message.HasIndex(m => new { m.BusinessId, m.InReplyTo }).IsUnique().HasFilter("in_reply_to IS NOT NULL");

        // Who is before one in the queue of a conversation: a handful of rows at any time.
        message.HasIndex(m => new { m.BusinessId, m.ConversationId })
            .HasFilter("waits_until IS NOT NULL").HasDatabaseName("ix_messages_waiting");
    }

    public void Configure(EntityTypeBuilder<OwnerMessage> message)
    {
        message.HasKey(m => new { m.BusinessId, m.Id });
        message.Property(m => m.Id).UseIdentityAlwaysColumn();
        message.Property(m => m.CreatedAt).HasDefaultValueSql("now()").ValueGeneratedOnAdd();
        message.HasOne<Conversation>().WithMany().HasForeignKey(m => new { m.BusinessId, m.ConversationId });
    }
}
