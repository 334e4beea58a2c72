using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ProSaas.Data.Businesses;

namespace ProSaas.Data.Accounts;

internal sealed class BusinessMemberConfiguration : IEntityTypeConfiguration<BusinessMember>
{
    public void Configure(EntityTypeBuilder<BusinessMember> member)
    {
        member.ToTable("business_members", table => table.HasCheckConstraint("ck_business_members_role", "role IN ('owner', 'member')"));
        member.HasKey(m => new { m.BusinessId, m.AccountId });
        member.Property(m => m.Role).HasConversion<BusinessRoleConverter>();
        member.HasOne<Business>().WithMany().HasForeignKey(m => m.BusinessId).OnDelete(DeleteBehavior.Cascade);
        member.HasOne<Account>().WithMany().HasForeignKey(m => m.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
