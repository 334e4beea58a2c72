using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ProSaas.Data.Accounts;

internal sealed class SetupCodeConfiguration : IEntityTypeConfiguration<SetupCode>
{
    public void Configure(EntityTypeBuilder<SetupCode> code)
    {
        code.ToTable("setup_codes", table => table.HasCheckConstraint("ck_setup_codes_only", $"id = {SetupCode.OnlyId}"));
        code.Property(c => c.Id).ValueGeneratedNever();
    }
}
