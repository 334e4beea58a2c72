using Microsoft.Extensions.Options;
using Npgsql;

namespace ProSaas.Api.Conversations;

/// <summary>
/// Customers' messages and the turns to answer them. A message is stored before it is answered; the messages of a conversation
/// are answered in the order they came, and each once, whichever replicas they reach. No transaction is open while a reply is
/// being made: who answers holds a lease with a fencing token.
/// </summary>
internal sealed class ConversationTurns(
    TurnStore store,
    TurnSignals signals,
    LeaseRenewal renewal,
    IOptions<ConversationOptions> options,
    TimeProvider time,
    ILogger<ConversationTurns> logger)
{
    /// <summary>A message after this much silence begins a new conversation. As long as WhatsApp's customer service window.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromHours(24);

    /// <summary>How many messages of a conversation wait for their replies at most: far more than a person writes in one go.</summary>
    public const int MostWaiting = 100;

    private readonly string _process = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>
    /// Stores the message and waits for its turn, for <see cref="ConversationOptions.WaitTimeout"/> at most. A turn that was started
    /// is ended by <see cref="CompleteAsync"/> or <see cref="ReleaseAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A member of the message is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The message may be stored; with its key it can come again.</exception>
    public async Task<TurnStart> BeginAsync(CustomerMessage message, CancellationToken cancellationToken)
    {
        Check(message);
        var request = new TurnRequest(
            store, signals, options.Value.WaitTimeout, time, logger, message, message.IdempotencyKey
                ?? $"{Guid.CreateVersion7()}", NewOwner());
        return Open(await request.RunAsync(cancellationToken));
    }

    /// <summary>
    /// Stores the message, which has a key, with a place in its conversation's queue;
    /// <see cref="TryTakeAsync"/> takes its turn.
    /// </summary>
    /// <param name="keepsPlaceFor">How long later messages of the conversation wait for this one at most.</param>
    /// <param name="alongside">Run in the same transaction, after the message; also when it was there before.</param>
    /// <exception cref="ArgumentException">A member of the message is out of its range, or it has no key.</exception>
    public Task<StoreOutcome> StoreAsync(
        CustomerMessage message, TimeSpan keepsPlaceFor, NpgsqlBatchCommand alongside, CancellationToken cancellationToken) =>
        store.StoreAsync(message, CheckWithKey(message), keepsPlaceFor, alongside, cancellationToken);

    /// <summary>
    /// Takes the turn of a message that was stored, to answer it and deliver its reply; also when it has one that was not delivered.
    /// Does not wait: null while the turn is not the message's. The turn is ended by <see cref="ReleaseAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A member of the message is out of its range, or it has no key.</exception>
    public async Task<TurnStart?> TryTakeAsync(CustomerMessage message, CancellationToken cancellationToken)
    {
        var row = await store.TakeAsync(message, CheckWithKey(message), NewOwner(), forDelivery: true, cancellationToken);
        return TurnRow.Decide(row, message, forDelivery: true) is { } start ? Open(start) : null;
    }

    /// <summary>
    /// Writes the reply, with the message for the owner and the handover that came with it, and ends the turn. Null when the turn was
    /// lost to a later one: then nothing was written. After an exception the turn is still to be released.
    /// </summary>
    /// <param name="keepTurn">Whether the turn stays open, until it is released, so that the reply is delivered in order.</param>
    public async Task<AgentReply?> CompleteAsync(Turn turn, AgentReply reply, bool keepTurn, CancellationToken cancellationToken)
    {
        var stored = await store.CompleteAsync(turn, reply, keepTurn, cancellationToken);
        if (stored is null || !keepTurn)
        {
            End(turn);
        }

        return stored;
    }

    /// <summary>Ends the turn: a message without a reply is answered when it comes again, and those after it go on.</summary>
    /// <param name="alongside">Run in the same transaction, also when the turn was lost; null for nothing.</param>
    public async Task ReleaseAsync(Turn turn, NpgsqlBatchCommand? alongside, CancellationToken cancellationToken)
    {
        await store.ReleaseAsync(turn, alongside, cancellationToken);
        End(turn);
    }

    /// <summary>Renews the turn's lease at once; it is renewed by itself while the turn is open. False when the turn was lost.</summary>
    public Task<bool> RenewAsync(Turn turn, CancellationToken cancellationToken) => store.RenewAsync(turn, cancellationToken);

    private static void Check(CustomerMessage message)
    {
        if (message.BusinessId < 1 || string.IsNullOrWhiteSpace(message.Customer) || string.IsNullOrWhiteSpace(message.Text))
        {
            throw new ArgumentException("The business is 1 or more, the customer and the text are not blank.", nameof(message));
        }
    }

    private static string CheckWithKey(CustomerMessage message)
    {
        Check(message);
        return message.IdempotencyKey is { Length: > 0 } key ? key : throw new ArgumentException("The message has a key.", nameof(message));
    }

    private string NewOwner() => $"{_process}/{Guid.NewGuid():N}";

    private TurnStart Open(TurnStart start)
    {
        if (start.Turn is { } turn)
        {
            renewal.Add(turn);
        }

        return start;
    }

    private void End(Turn turn)
    {
        renewal.Remove(turn);
        signals.Signal(turn.ConversationId);
    }
}
