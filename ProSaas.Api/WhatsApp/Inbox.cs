using Npgsql;
using ProSaas.Api.Conversations;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.WhatsApp;

/// <summary>What came by WhatsApp, in the database until its answer is on the way. Processes share it; one that dies loses what it had after <see cref="Lease"/>.</summary>
internal sealed class Inbox(IServiceScopeFactory scopes, ConversationTurns turns)
{
    /// <summary>How long a process that is not heard of keeps what it has taken up.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private const string Purpose = "whatsapp inbox";

    private readonly string _process = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    public static CustomerMessage ToCustomerMessage(InboxMessage message) => new(
        message.BusinessId, AgentChannel.WhatsApp, message.Customer, ConversationId: null, message.Text, message.Key);

    public Task<StoreOutcome> AddAsync(InboundMessage message, CancellationToken ct) => turns.StoreAsync(
        new CustomerMessage(message.Business, AgentChannel.WhatsApp, message.Customer, ConversationId: null, message.Said, message.Key),
        BatchStatement.Of(InboxSql.Add, message.Business, message.Key, message.MessageId!, message.From!, message.Customer, message.DisplayName),
        ct);

    /// <summary>Takes up what is due of a business.</summary>
    public Task<IReadOnlyList<InboxMessage>> ClaimAsync(long business, int most, CancellationToken ct) =>
        ForBusinessAsync(business, batch => batch.BatchCommands.Add(Claim(business, most)), (rows, token) => ReadAsync(rows, business, token), ct);

    /// <summary>Nothing is left to do for the message; takes up what is due of the business now.</summary>
    public Task<IReadOnlyList<InboxMessage>> SettleAsync(InboxMessage message, string outcome, int most, CancellationToken ct) =>
        ForBusinessAsync(
            message.BusinessId,
            batch =>
            {
                batch.BatchCommands.Add(BatchStatement.Of(InboxSql.Settle, message.BusinessId, message.Id, _process, outcome));
                batch.BatchCommands.Add(Claim(message.BusinessId, most));
            },
            (rows, token) => ReadAsync(rows, message.BusinessId, token),
            ct);

    public Task PutBackAsync(InboxMessage message, TimeSpan pause, CancellationToken ct) =>
        ForBusinessAsync(message.BusinessId, batch => batch.BatchCommands.Add(BatchStatement.Of(InboxSql.PutBack, message.BusinessId, message.Id, _process, pause)), Nothing, ct);

    /// <summary>Keeps what this process has, and says which businesses have something due.</summary>
    public async Task<IReadOnlyList<long>> RenewAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().BatchAsSystemAsync(
            Purpose,
            batch =>
            {
                batch.BatchCommands.Add(BatchStatement.Of(InboxSql.Renew, _process, Lease));
                batch.BatchCommands.Add(BatchStatement.Of(InboxSql.Due));
            },
            async (rows, token) =>
            {
                List<long> due = [];
                while (await rows.ReadAsync(token))
                {
                    due.Add(rows.GetInt64(0));
                }

                return due;
            },
            ct);
    }

    /// <summary>Notes the state of a business's connection; one that is there now has what waits for it sent at once.</summary>
    public Task NoteAsync(ServiceSession session, CancellationToken ct) =>
        ForBusinessAsync(
            session.Business,
            batch =>
            {
                batch.BatchCommands.Add(BatchStatement.Of(InboxSql.Note, session.Business, EnumNames<ConnectionState>.Of(session.State!.Value), session.Since.ToUniversalTime(), session.Reason, session.Phone));
                if (session.State is ConnectionState.Connected)
                {
                    batch.BatchCommands.Add(BatchStatement.Of(InboxSql.Hurry, session.Business));
                }
            },
            Nothing,
            ct);

    private static Task<bool> Nothing(NpgsqlDataReader rows, CancellationToken ct) => Task.FromResult(true);

    private static async Task<IReadOnlyList<InboxMessage>> ReadAsync(NpgsqlDataReader rows, long business, CancellationToken ct)
    {
        List<InboxMessage> messages = [];
        while (await rows.ReadAsync(ct))
        {
            messages.Add(new(
                business,
                rows.GetInt64(0),
                rows.GetString(1),
                rows.GetString(2),
                rows.GetInt32(3),
                await rows.GetFieldValueAsync<DateTimeOffset>(4, ct),
                rows.GetString(5),
                rows.GetString(6),
                rows.GetString(7)));
        }

        return messages;
    }

    private NpgsqlBatchCommand Claim(long business, int most) => BatchStatement.Of(InboxSql.Claim, business, _process, Lease, most);

    private async Task<T> ForBusinessAsync<T>(long business, Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().BatchForBusinessAsync(business, fill, read, ct);
    }
}
