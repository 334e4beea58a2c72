using Microsoft.EntityFrameworkCore;
using ProSaas.Data.Accounts;
using ProSaas.Data.Auditing;
using ProSaas.Data.Businesses;
using ProSaas.Data.Conversations;
using ProSaas.Data.Speech;
using ProSaas.Data.WhatsApp;

namespace ProSaas.Data;

/// <summary>The tenants' data. Commands run inside a <see cref="UnitOfWork"/> only.</summary>
public sealed class ProSaasDbContext(DbContextOptions<ProSaasDbContext> options) : DbContext(options)
{
    public DbSet<Business> Businesses => Set<Business>();

    public DbSet<FaqEntry> FaqEntries => Set<FaqEntry>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<AccountSession> AccountSessions => Set<AccountSession>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<BusinessMember> BusinessMembers => Set<BusinessMember>();

    public DbSet<LoginFailure> LoginFailures => Set<LoginFailure>();

    public DbSet<KnownNetwork> KnownNetworks => Set<KnownNetwork>();

    public DbSet<SetupCode> SetupCodes => Set<SetupCode>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<Contact> Contacts => Set<Contact>();

    public DbSet<Conversation> Conversations => Set<Conversation>();

    public DbSet<Message> Messages => Set<Message>();

    public DbSet<OwnerMessage> OwnerMessages => Set<OwnerMessage>();

    public DbSet<SpeechUsage> SpeechUsage => Set<SpeechUsage>();

    public DbSet<WhatsAppMessage> WhatsAppMessages => Set<WhatsAppMessage>();

    public DbSet<WhatsAppErasure> WhatsAppErasures => Set<WhatsAppErasure>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.UseIdentityAlwaysColumns().ApplyConfigurationsFromAssembly(typeof(ProSaasDbContext).Assembly);
}
