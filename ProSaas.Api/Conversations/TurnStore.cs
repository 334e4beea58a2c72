using System.Data.Common;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

/// <summary>The turns in the database. Each call is one short unit of work of one round trip, which does no harm when it is run twice.</summary>
internal sealed class TurnStore(IServiceScopeFactory scopes, IOptions<ConversationOptions> options)
{
    /// <summary>Stores the message unless it is there already, and takes its turn if it can.</summary>
    /// <exception cref="PostgresException">A unique violation: another customer's message with the same key came first, at the same moment.</exception>
    public Task<(TurnLook? Look, bool IsNew)> StoreAsync(CustomerMessage message, string key, string owner, CancellationToken ct) =>
        BatchAsync(message.BusinessId, batch =>
        {
            AddStore(batch, message, key);
            AddTake(batch, message, key, owner);
            Add(batch, TurnSql.NoteActivity, Big(message.BusinessId));
        }, async (rows, token) =>
        {
            await rows.NextResultAsync(token);
            var isNew = await rows.ReadAsync(token);
            await rows.NextResultAsync(token);
            await rows.NextResultAsync(token);
            return (await ReadAsync(rows, token), isNew);
        }, ct);

    /// <summary>Stores the message unless it is there already, and leaves its turn for later.</summary>
    /// <param name="alongside">Written in the same transaction, once the message is there.</param>
    /// <inheritdoc cref="StoreAsync"/>
    public Task<StoreOutcome> KeepAsync(CustomerMessage message, string key, NpgsqlBatchCommand alongside, CancellationToken ct) =>
        BatchAsync(message.BusinessId, batch =>
        {
            AddStore(batch, message, key);
            batch.BatchCommands.Add(alongside);
            Add(batch, TurnSql.Stored, Big(message.BusinessId), Text(AgentChannelConverter.ToWord(message.Channel)), Text(key));
        }, async (rows, token) =>
        {
            await rows.NextResultAsync(token);
            await rows.NextResultAsync(token);
            return !await rows.ReadAsync(token) ? StoreOutcome.BusinessUnknown
                : rows.GetBoolean(1) ? StoreOutcome.Stored
                : StoreOutcome.ChannelOff;
        }, ct);

    /// <summary>Takes the turn of a message that is stored if it can.</summary>
    public Task<TurnLook?> LookAsync(CustomerMessage message, string key, string owner, CancellationToken ct) =>
        BatchAsync(message.BusinessId, batch => AddTake(batch, message, key, owner), async (rows, token) =>
        {
            await rows.NextResultAsync(token);
            return await ReadAsync(rows, token);
        }, ct);

    /// <summary>Gives back what a request has or waits for that ends without a turn.</summary>
    public Task AbandonAsync(CustomerMessage message, string key, string owner, bool leaveQueue, CancellationToken ct) =>
        ExecuteAsync(message.BusinessId, TurnSql.Abandon, ct, Big(message.BusinessId), Text(key), Text(owner), Flag(leaveQueue));

    /// <summary>Writes the answer and ends the turn, or does nothing and returns null when another turn began.</summary>
    public Task<StoredReply?> CompleteAsync(Turn turn, AgentReply reply, CancellationToken ct) =>
        BatchAsync(turn.BusinessId, batch =>
        {
            Add(batch, TurnSql.LockConversation, Big(turn.BusinessId), Big(turn.ConversationId));
            Add(
                batch,
                TurnSql.Complete,
                Big(turn.BusinessId),
                Big(turn.ConversationId),
                Big(turn.FencingToken),
                Big(turn.MessageId),
                Text(reply.Text),
                Text(reply.Answerer),
                Big(reply.FaqEntryId),
                Flag(reply.IsFallback),
                Number(reply.InputTokens),
                Number(reply.OutputTokens),
                Text(reply.TakenMessage),
                Flag(reply.HandOver));
            Add(batch, TurnSql.Completed, Big(turn.BusinessId), Big(turn.MessageId), Text(reply.Text));
        }, async (rows, token) =>
        {
            await rows.NextResultAsync(token);
            return await rows.ReadAsync(token)
                ? new StoredReply(
                    rows.GetInt64(0),
                    turn.ConversationId,
                    turn.MessageId,
                    reply.Text,
                    await rows.GetFieldValueAsync<DateTimeOffset>(1, token),
                    reply.Answerer,
                    reply.FaqEntryId,
                    reply.IsFallback,
                    reply.TakenMessage is not null,
                    reply.HandOver,
                    reply.InputTokens,
                    reply.OutputTokens)
                : null;
        }, ct);

    /// <summary>Ends the turn without an answer, if it is still the latest.</summary>
    public async Task<bool> ReleaseAsync(Turn turn, CancellationToken ct) =>
        await ExecuteAsync(turn.BusinessId, TurnSql.Release, ct, Big(turn.BusinessId), Big(turn.ConversationId), Big(turn.FencingToken)) == 1;

    /// <summary>Says that the turn's process is alive, if it is still the latest turn.</summary>
    public async Task<bool> RenewAsync(Turn turn, CancellationToken ct) =>
        await ExecuteAsync(
            turn.BusinessId, TurnSql.Renew, ct, Big(turn.BusinessId), Big(turn.ConversationId), Big(turn.FencingToken), Span(options.Value.LeaseDuration)) == 1;

    private async Task<T> BatchAsync<T>(
        long businessId, Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().BatchForBusinessAsync(businessId, fill, read, ct);
    }

    private Task<int> ExecuteAsync(long businessId, string sql, CancellationToken ct, params NpgsqlParameter[] parameters) =>
        BatchAsync(businessId, batch => Add(batch, sql, parameters), (rows, _) => Task.FromResult(rows.RecordsAffected), ct);

    private static void AddStore(NpgsqlBatch batch, CustomerMessage message, string key)
    {
        var (business, channel, customer) = (Big(message.BusinessId), Text(AgentChannelConverter.ToWord(message.Channel)), Text(message.Customer));
        Add(batch, TurnSql.AddContact, business, channel, customer, Big(message.ConversationId));
        Add(batch, TurnSql.LockContact, business, channel, customer);
        Add(batch, TurnSql.Store, business, channel, customer, Big(message.ConversationId), Text(key), Text(message.Text), Span(ConversationTurns.OpenFor));
    }

    private void AddTake(NpgsqlBatch batch, CustomerMessage message, string key, string owner)
    {
        Add(batch, TurnSql.LockConversationOfKey, Big(message.BusinessId), Text(key));
        Add(
            batch,
            TurnSql.Take,
            Big(message.BusinessId),
            Text(AgentChannelConverter.ToWord(message.Channel)),
            Text(message.Customer),
            Text(key),
            Text(message.Text),
            Text(owner),
            Span(options.Value.LeaseDuration),
            Number(options.Value.HistoryTokens));
    }

    private static async Task<TurnLook?> ReadAsync(DbDataReader rows, CancellationToken ct)
    {
        if (!await rows.ReadAsync(ct))
        {
            return null;
        }

        var look = new TurnLook(IsActive: rows.GetBoolean(0), IsChannelOn: rows.GetBoolean(1), AgentVersion: rows.GetInt64(2));
        if (await rows.IsDBNullAsync(3, ct))
        {
            return look;
        }

        var (message, conversation) = (rows.GetInt64(3), rows.GetInt64(4));
        return look with
        {
            MessageId = message,
            ConversationId = conversation,
            IsSame = rows.GetBoolean(5),
            FencingToken = Value<long>(rows, 6),
            IsHandedOver = Value<bool>(rows, 7) is true,
            History = History(rows),
            Reply = await rows.IsDBNullAsync(11, ct) ? null : new StoredReply(
                rows.GetInt64(11),
                conversation,
                message,
                rows.GetString(12),
                rows.GetFieldValue<DateTimeOffset>(13),
                rows.GetString(14),
                Value<long>(rows, 15),
                rows.GetBoolean(16),
                rows.GetBoolean(17),
                rows.GetBoolean(18),
                Value<int>(rows, 19),
                Value<int>(rows, 20)),
        };
    }

    private static IReadOnlyList<StoredMessage> History(DbDataReader rows)
    {
        if (rows.IsDBNull(8))
        {
            return [];
        }

        var (roles, texts, times) = (rows.GetFieldValue<string[]>(8), rows.GetFieldValue<string[]>(9), rows.GetFieldValue<DateTimeOffset[]>(10));
        return [.. roles.Select((role, index) => new StoredMessage(MessageRoleConverter.FromWord(role), texts[index], times[index]))];
    }

    private static T? Value<T>(DbDataReader rows, int column)
        where T : struct
        => rows.IsDBNull(column) ? null : rows.GetFieldValue<T>(column);

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter.Collection is null ? parameter : parameter.Clone());
        }

        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter Big(long? value) => Parameter(value, NpgsqlDbType.Bigint);

    private static NpgsqlParameter Number(int? value) => Parameter(value, NpgsqlDbType.Integer);

    private static NpgsqlParameter Text(string? value) => Parameter(value, NpgsqlDbType.Text);

    private static NpgsqlParameter Flag(bool value) => Parameter(value, NpgsqlDbType.Boolean);

    private static NpgsqlParameter Span(TimeSpan value) => Parameter(value, NpgsqlDbType.Interval);

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
