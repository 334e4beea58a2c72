using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ProSaas.Data.Businesses;

namespace ProSaas.Data.Accounts;

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>, IEntityTypeConfiguration<AccountSession>,
    IEntityTypeConfiguration<BusinessMember>, IEntityTypeConfiguration<KnownNetwork>, IEntityTypeConfiguration<RefreshToken>,
    IEntityTypeConfiguration<SetupCode>
{
    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.Property(a => a.UserName).IsRequired();
        account.Property(a => a.NormalizedUserName).IsRequired();
        account.Property(a => a.Email).IsRequired();
        account.Property(a => a.NormalizedEmail).IsRequired();
        account.Property(a => a.ConcurrencyStamp).IsConcurrencyToken();
        account.HasIndex(a => a.NormalizedUserName).IsUnique();
        account.HasIndex(a => a.NormalizedEmail).IsUnique();

        // Failures are counted by what was typed and where from (LoginFailure), so that an unknown account locks like a known one.
        account.Ignore(a => a.AccessFailedCount).Ignore(a => a.LockoutEnabled).Ignore(a => a.LockoutEnd);
        account.Ignore(a => a.EmailConfirmed).Ignore(a => a.PhoneNumber).Ignore(a => a.PhoneNumberConfirmed)
            .Ignore(a => a.TwoFactorEnabled);
    }

    public void Configure(EntityTypeBuilder<AccountSession> session) => session.Property(s => s.Id).ValueGeneratedNever();

    public void Configure(EntityTypeBuilder<BusinessMember> member)
    {
        member.ToTable(table => table.HasCheckConstraint("ck_business_members_role", "role IN ('owner', 'member')"));
        member.HasKey(m => new { m.BusinessId, m.AccountId });
        member.Property(m => m.Role).HasConversion<EnumNameConverter<BusinessRole>>();
        member.HasOne<Business>().WithMany().HasForeignKey(m => m.BusinessId);
        member.HasOne<Account>().WithMany().HasForeignKey(m => m.AccountId);
    }

    public void Configure(EntityTypeBuilder<KnownNetwork> network) =>
        network.HasOne<Account>().WithMany().HasForeignKey(n => n.AccountId);

    public void Configure(EntityTypeBuilder<RefreshToken> token) =>
        token.HasOne<AccountSession>().WithMany().HasForeignKey(t => t.SessionId);

    public void Configure(EntityTypeBuilder<SetupCode> code)
    {
        code.ToTable(table => table.HasCheckConstraint("ck_setup_codes_only", $"id = {SetupCode.OnlyId}"));
        code.Property(c => c.Id).ValueGeneratedNever();
    }
}
