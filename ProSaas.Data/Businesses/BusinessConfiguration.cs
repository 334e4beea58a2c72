using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ProSaas.Data.Businesses;

internal sealed class BusinessConfiguration : IEntityTypeConfiguration<Business>
{
    /// <summary>Keys below this one belong to seeds, so that a seed never meets a user's row.</summary>
    private const long FirstUserKey = 1001;

    public void Configure(EntityTypeBuilder<Business> business)
    {
        business.ToTable(table =>
        {
            table.HasCheckConstraint("ck_businesses_name", "btrim(name) <> ''");
            table.HasCheckConstraint(
                "ck_businesses_speaking_rate",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"speaking_rate BETWEEN {Business.MinSpeakingRate} AND {Business.MaxSpeakingRate}"));
        });
        business.Property(b => b.Id).UseIdentityByDefaultColumn().HasIdentityOptions(startValue: FirstUserKey);
        business.Property(b => b.OpeningHours).HasColumnType("jsonb").HasConversion<OpeningHoursConverter>();
        SetColumnDefaults(business);
        business.Property(b => b.AgentVersion).HasDefaultValueSql("1").ValueGeneratedOnAddOrUpdate();
        business.Property(b => b.AgentVersion).Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        business.Property(b => b.AgentVersion).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        business.Property(b => b.RowVersion).IsRowVersion();
        business.HasMany(b => b.FaqEntries).WithOne().HasForeignKey(f => f.BusinessId);

        // A number leads to one business.
        business.HasIndex(b => b.PhoneE164).IsUnique();
        business.HasIndex(b => b.WhatsappNumber).IsUnique();

        // Warmup asks for the active ones, most recently active first.
        business.HasIndex(b => b.LastActivityAt).IsDescending().HasFilter("is_active");
    }

    /// <summary>For rows that others write: EF itself always sends the value.</summary>
    private static void SetColumnDefaults(EntityTypeBuilder<Business> business)
    {
        business.Property(b => b.Language).HasDefaultValueSql($"'{Business.DefaultLanguage}'").ValueGeneratedNever();
        business.Property(b => b.SpeakingRate).HasDefaultValueSql("1").ValueGeneratedNever();
        business.Property(b => b.TimeZone).HasDefaultValueSql($"'{Business.DefaultTimeZone}'").ValueGeneratedNever();
        business.Property(b => b.OpeningHours).HasDefaultValueSql("'[]'").ValueGeneratedNever();
        business.Property(b => b.IsActive).HasDefaultValueSql("true").ValueGeneratedNever();
        business.Property(b => b.CallsEnabled).HasDefaultValueSql("false").ValueGeneratedNever();
        business.Property(b => b.WhatsappEnabled).HasDefaultValueSql("false").ValueGeneratedNever();
    }
}
