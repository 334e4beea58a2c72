using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using ProSaas.Data.Businesses;

namespace ProSaas.Data.Auditing;

/// <summary>Saves changes together with what the audit says of them.</summary>
public static class AuditTrail
{
    /// <summary>
    /// Saves all tracked changes and, in the same transaction, one audit entry for each row that changed. What an administrator
    /// of the database changes past this is in PostgreSQL's own log only.
    /// </summary>
    /// <exception cref="DbUpdateException">As <see cref="DbContext.SaveChangesAsync(CancellationToken)"/> throws it.</exception>
    public static async Task SaveAuditedAsync(this ProSaasDbContext context, AuditActor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(actor);
        var changes = context.ChangeTracker.Entries()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .Select(Change.Of)
            .ToList();
        await context.SaveChangesAsync(cancellationToken);

        // Afterwards, when the new rows have their keys.
        context.AddRange(changes.Select(change => change.ToEntry(actor)));
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Adds an audit entry without values, for data that is not to be kept. It is saved with the next changes.</summary>
    /// <param name="action">What was done to what, in the words of <see cref="AuditEntry.Action"/>.</param>
    /// <param name="subjectId">Key of what it was done to.</param>
    public static void Audit(this ProSaasDbContext context, AuditActor actor, long businessId, string action, long subjectId)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(actor);
        context.Add(new AuditEntry
        {
            BusinessId = businessId,
            AccountId = actor.AccountId,
            AccountEmail = actor.AccountEmail,
            ClientAddress = actor.ClientAddress,
            Action = action,
            SubjectId = subjectId,
        });
    }

    /// <summary>
    /// Writes at once that somebody read something: one entry for what an account reads of one subject within ten minutes. Nothing
    /// where there is no such business.
    /// </summary>
    /// <inheritdoc cref="Audit"/>
    public static Task<int> AuditReadAsync(
        this ProSaasDbContext context,
        AuditActor actor,
        long businessId,
        string action,
        long subjectId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(actor);
        return context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO audit_entries (business_id, account_id, account_email, client_address, action, subject_id)
            SELECT b.id, {actor.AccountId}, {actor.AccountEmail}, {actor.ClientAddress}::inet, {action}, {subjectId}
            FROM businesses b
            WHERE b.id = {businessId} AND NOT EXISTS (
                SELECT FROM audit_entries e
                WHERE e.business_id = {businessId} AND e.account_id = {actor.AccountId} AND e.action = {action}
                    AND e.subject_id = {subjectId} AND e.at > now() - interval '10 minutes')
            """,
            cancellationToken);
    }

    private sealed record Change(EntityEntry Entry, string Verb, JsonObject? Before, JsonObject? After)
    {
        public static Change Of(EntityEntry entry) => entry.State switch
        {
            EntityState.Added => new(entry, "created", null, Values(entry, property => property.CurrentValue)),
            EntityState.Deleted => new(entry, "deleted", Values(entry, property => property.OriginalValue), null),
            _ => new(entry, "updated", Values(entry, property => property.OriginalValue), Values(entry, property => property.CurrentValue)),
        };

        public AuditEntry ToEntry(AuditActor actor) => new()
        {
            BusinessId = Key(Entry.Entity is Business ? nameof(Business.Id) : nameof(FaqEntry.BusinessId)),
            AccountId = actor.AccountId,
            AccountEmail = actor.AccountEmail,
            ClientAddress = actor.ClientAddress,
            Action = $"{JsonNamingPolicy.SnakeCaseLower.ConvertName(Entry.Metadata.ClrType.Name)}.{Verb}",
            SubjectId = Key(Entry.Metadata.FindPrimaryKey()!.Properties
                .Single(property => property.Name is not nameof(FaqEntry.BusinessId)).Name),
            Before = Before?.ToJsonString(),
            After = After?.ToJsonString(),
        };

        private long Key(string name) => (long)Entry.Property(name).CurrentValue!;

        private static JsonObject Values(EntityEntry entry, Func<PropertyEntry, object?> read)
        {
            var values = new JsonObject();
            var isUpdate = entry.State is EntityState.Modified;
            foreach (var property in entry.Properties.Where(property => IsData(property.Metadata) && (property.IsModified || !isUpdate)))
            {
                values[JsonNamingPolicy.CamelCase.ConvertName(property.Metadata.Name)] = ToJson(property.Metadata, read(property));
            }

            return values;
        }

        /// <summary>Keys have members of their own in the entry; columns that the database fills are left out.</summary>
        private static bool IsData(IProperty property) =>
            property.ValueGenerated is ValueGenerated.Never && !property.IsPrimaryKey() && !property.IsForeignKey();

        /// <summary>As the column has it: hours as their array, roles as their words.</summary>
        private static JsonNode? ToJson(IProperty property, object? value)
        {
            var stored = property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value;
            return stored is string json && property.GetColumnType() is "jsonb"
                ? JsonNode.Parse(json)
                : JsonSerializer.SerializeToNode(stored);
        }
    }
}
