using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ProSaas.Data.Businesses;

namespace ProSaas.Data.Speech;

internal sealed class SpeechUsageConfiguration : IEntityTypeConfiguration<SpeechUsage>
{
    public void Configure(EntityTypeBuilder<SpeechUsage> usage)
    {
        usage.ToTable(table => table.HasCheckConstraint("ck_speech_usage_characters", "characters >= 0"));
        usage.HasKey(u => u.BusinessId);
        usage.Property(u => u.BusinessId).ValueGeneratedNever();
        usage.HasOne<Business>().WithOne().HasForeignKey<SpeechUsage>(u => u.BusinessId);
    }
}
