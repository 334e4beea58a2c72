using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Npgsql;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Conversations;

/// <summary>
/// The turns in the database. Each call is one short unit of work of one round trip, which does
/// no harm when it is run twice.
/// </summary>
internal sealed class TurnStore(IServiceScopeFactory scopes, IOptions<ConversationOptions> options)
{
    /// <summary>
    /// How often a message is stored that finds its customer erased while it waited for it: by an erasure each time, or by retention.
    /// </summary>
    private const int MostErasures = 5;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Stores the message unless it is there already, and takes its turn if it can.</summary>
    /// <exception cref="PostgresException">A unique violation: another customer's message with the same key came first,
    /// at the same moment.</exception>
    public async Task<(TurnRow? Row, StoreOutcome? Outcome)> StoreAndTakeAsync(
        CustomerMessage message, string key, string owner, CancellationToken cancellationToken)
    {
        (TurnRow? Row, StoreOutcome? Outcome) stored;
        var attempts = 0;
        do
        {
            stored = await scopes.BatchForBusinessAsync(message.BusinessId, batch =>
            {
                AddStore(batch, message, key, keepsPlaceFor: null);
                AddTake(batch, message, key, owner, forDelivery: false);
            }, async (rows, token) =>
            {
                var outcome = await ReadStoredAsync(rows, token);
                await rows.NextResultAsync(token);
                await rows.NextResultAsync(token);
                return (await ReadAsync(rows, token), outcome);
            }, cancellationToken);
        }
        while (message.ConversationId is null && stored is ({ IsActive: true, IsChannelOn: true, MessageId: null }, null)
            && ++attempts < MostErasures);

        return stored;
    }

    /// <summary>Stores the message unless it is there already, with a place in its conversation's queue.</summary>
    /// <param name="keepsPlaceFor">How long later messages wait for this one at most.</param>
    /// <param name="alongside">Run in the same transaction, once the message is there.</param>
    /// <inheritdoc cref="StoreAndTakeAsync"/>
    /// <exception cref="InvalidOperationException">It was not stored, and for no reason that is known.</exception>
    public async Task<StoreOutcome> StoreAsync(
        CustomerMessage message, string key, TimeSpan keepsPlaceFor, NpgsqlBatchCommand alongside, CancellationToken cancellationToken)
    {
        for (var attempts = 0; attempts < MostErasures; attempts++)
        {
            var outcome = await scopes.BatchForBusinessAsync<StoreOutcome?>(message.BusinessId, batch =>
            {
                AddStore(batch, message, key, keepsPlaceFor);
                batch.BatchCommands.Add(alongside);
                batch.BatchCommands.Add(BatchStatement.Of(TurnSql.Stored, message.BusinessId, Word(message.Channel), key));
            }, async (rows, token) =>
            {
                var stored = await ReadStoredAsync(rows, token);
                await rows.NextResultAsync(token);
                return !await rows.ReadAsync(token) ? StoreOutcome.BusinessUnknown
                    : rows.GetBoolean(1) ? stored ?? StoreOutcome.Stored
                    : rows.GetBoolean(0) ? null
                    : StoreOutcome.ChannelOff;
            }, cancellationToken);
            if (outcome is { } known)
            {
                return known;
            }
        }

        throw new InvalidOperationException(
            $"A message to business {message.BusinessId} was not stored: its customer is erased again and again.");
    }

    /// <summary>Takes the turn of a message that is stored if it can.</summary>
    public Task<TurnRow?> TakeAsync(
        CustomerMessage message, string key, string owner, bool forDelivery, CancellationToken cancellationToken) =>
        scopes.BatchForBusinessAsync(message.BusinessId, batch => AddTake(batch, message, key, owner, forDelivery), async (rows, token) =>
        {
            await rows.NextResultAsync(token);
            return await ReadAsync(rows, token);
        }, cancellationToken);

    /// <summary>Gives back what a request has or waits for that ends without a turn.</summary>
    public Task AbandonAsync(CustomerMessage message, string key, string owner, bool leaveQueue, CancellationToken cancellationToken) =>
        ExecuteAsync(message.BusinessId, cancellationToken, BatchStatement.Of(TurnSql.Abandon, message.BusinessId, key, owner, leaveQueue));

    /// <summary>Writes the reply, or does nothing and returns null when another turn began.</summary>
    /// <param name="keepTurn">Whether the turn stays open, for the reply's delivery.</param>
    public Task<AgentReply?> CompleteAsync(Turn turn, AgentReply reply, bool keepTurn, CancellationToken cancellationToken) =>
        scopes.BatchForBusinessAsync(turn.BusinessId, batch =>
        {
            batch.BatchCommands.Add(BatchStatement.Of(TurnSql.LockConversation, turn.BusinessId, turn.ConversationId));
            batch.BatchCommands.Add(BatchStatement.Of(
                TurnSql.Complete,
                turn.BusinessId,
                turn.ConversationId,
                turn.FencingToken,
                turn.MessageId,
                reply.Text,
                reply.Answerer,
                reply.FaqEntryId,
                reply.IsFallback,
                reply.InputTokens,
                reply.OutputTokens,
                reply.OwnerMessage,
                reply.HandedOver,
                keepTurn));
            batch.BatchCommands.Add(BatchStatement.Of(TurnSql.Completed, turn.BusinessId, turn.MessageId, reply.Text));
        }, async (rows, token) =>
        {
            await rows.NextResultAsync(token);
            return await rows.ReadAsync(token) ? reply with { MessageId = rows.GetInt64(0) } : null;
        }, cancellationToken);

    /// <summary>Ends the turn if it is still the latest.</summary>
    /// <param name="alongside">Run in the same transaction, also when the turn was lost; null for nothing.</param>
    public Task ReleaseAsync(Turn turn, NpgsqlBatchCommand? alongside, CancellationToken cancellationToken)
    {
        var release = BatchStatement.Of(TurnSql.Release, turn.BusinessId, turn.ConversationId, turn.FencingToken);
        return ExecuteAsync(turn.BusinessId, cancellationToken, alongside is null ? [release] : [release, alongside]);
    }

    /// <summary>Says that the turn's process is alive, if it is still the latest turn.</summary>
    public async Task<bool> RenewAsync(Turn turn, CancellationToken cancellationToken) => await ExecuteAsync(
        turn.BusinessId,
        cancellationToken,
        BatchStatement.Of(TurnSql.Renew, turn.BusinessId, turn.ConversationId, turn.FencingToken, options.Value.LeaseDuration)) == 1;

    private Task<int> ExecuteAsync(long businessId, CancellationToken cancellationToken, params NpgsqlBatchCommand[] statements) =>
        scopes.BatchForBusinessAsync(
            businessId,
            batch => Array.ForEach(statements, batch.BatchCommands.Add),
            (rows, _) => Task.FromResult(rows.RecordsAffected),
            cancellationToken);

    private static void AddStore(NpgsqlBatch batch, CustomerMessage message, string key, TimeSpan? keepsPlaceFor)
    {
        var (business, channel, customer) = (message.BusinessId, Word(message.Channel), message.Customer);
        batch.BatchCommands.Add(BatchStatement.Of(TurnSql.AddContact, business, channel, customer, message.ConversationId));
        batch.BatchCommands.Add(BatchStatement.Of(TurnSql.LockContact, business, channel, customer));
        batch.BatchCommands.Add(BatchStatement.Of(
            TurnSql.Store,
            business,
            channel,
            customer,
            message.ConversationId,
            key,
            message.Text,
            ConversationTurns.OpenFor,
            keepsPlaceFor,
            ConversationTurns.MostWaiting));
        batch.BatchCommands.Add(BatchStatement.Of(TurnSql.RecordActivity, business));
    }

    private void AddTake(NpgsqlBatch batch, CustomerMessage message, string key, string owner, bool forDelivery)
    {
        batch.BatchCommands.Add(BatchStatement.Of(TurnSql.LockConversationOfKey, message.BusinessId, key));
        batch.BatchCommands.Add(BatchStatement.Of(
            TurnSql.Take,
            message.BusinessId,
            Word(message.Channel),
            message.Customer,
            key,
            message.Text,
            owner,
            options.Value.LeaseDuration,
            options.Value.HistoryTokens,
            forDelivery));
    }

    /// <summary>The results of <see cref="AddStore"/>; null for a message that was there before, or was not stored for another reason.</summary>
    private static async Task<StoreOutcome?> ReadStoredAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return rows.GetBoolean(1) ? StoreOutcome.QueueFull : rows.GetBoolean(0) ? StoreOutcome.Stored : null;
    }

    private static async Task<TurnRow?> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken) =>
        await rows.ReadAsync(cancellationToken) ? JsonSerializer.Deserialize<TurnRow>(rows.GetString(0), Json) : null;

    private static string Word(AgentChannel channel) => EnumNames.Of(channel);
}
