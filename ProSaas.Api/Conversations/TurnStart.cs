namespace ProSaas.Api.Conversations;

/// <summary>What became of a customer's message: a turn to answer it, or why there is none.</summary>
public abstract record TurnStart
{
    private TurnStart()
    {
    }

    /// <summary>It is this caller's to answer.</summary>
    public sealed record Started(Turn Turn) : TurnStart;

    /// <summary>It came before and has its answer, which stays the same.</summary>
    public sealed record AlreadyAnswered(StoredReply Reply) : TurnStart;

    /// <summary>There is no such business.</summary>
    public sealed record BusinessUnknown : TurnStart;

    /// <summary>The customer has no such conversation with the business on this channel; it may be another one's.</summary>
    public sealed record ConversationUnknown : TurnStart;

    /// <summary>The business does not use the channel.</summary>
    public sealed record ChannelDisabled : TurnStart;

    /// <summary>The business is not active.</summary>
    public sealed record BusinessInactive : TurnStart;

    /// <summary>Another message came with this key before.</summary>
    public sealed record KeyReused : TurnStart;

    /// <summary>The messages before it, or another request with its key, took longer than <see cref="ConversationOptions.WaitTimeout"/>. It is kept and answered when it comes again.</summary>
    public sealed record Busy : TurnStart;
}
