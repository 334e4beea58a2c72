using Microsoft.Extensions.Options;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Budgets;

/// <summary>Replies, for the customer who gets them, the business that gives them and the account that asks for them.</summary>
internal sealed class ReplyBudget(IOptions<BudgetOptions> options, TimeProvider time) : IDisposable
{
    private const string Replies = "replies";

    private readonly Budget<Customer> _customers =
        new("A customer", Replies, options.Value.RepliesPerCustomer, options.Value.Window, time);

    private readonly Budget<long> _businesses =
        new("A business", Replies, options.Value.RepliesPerBusiness, options.Value.Window, time);

    private readonly Budget<long> _accounts = new("An account", Replies, options.Value.RepliesPerAccount, options.Value.Window, time);

    private readonly Budget<Customer> _notices = new("A customer", "notices", limit: 1, options.Value.Window, time);

    /// <summary>Takes one reply, for all of them or for none that has little left.</summary>
    /// <param name="customer">What the channel knows the customer by.</param>
    /// <param name="accountId">Null where no account asks.</param>
    /// <returns>What is spent; null when the reply may be given.</returns>
    public SpentBudget? Take(long businessId, AgentChannel channel, string customer, long? accountId)
    {
        // Who has nothing left gets no entry for the customer, so that there are no more customers than replies; and a customer who
        // floods takes nothing of the others'.
        var spent = _businesses.Look(businessId)
            ?? (accountId is { } asking ? _accounts.Look(asking) : null)
            ?? _customers.Take(new(businessId, channel, customer));
        return spent
            ?? _businesses.Take(businessId)
            ?? (accountId is { } account ? _accounts.Take(account) : null);
    }

    /// <summary>Whether the customer was not told yet, in this window, that there are no replies.</summary>
    public bool MayNotify(long businessId, AgentChannel channel, string customer) =>
        _notices.Look(new(businessId, channel, customer)) is null;

    /// <summary>The customer was told.</summary>
    public void RecordNotice(long businessId, AgentChannel channel, string customer) => _notices.Take(new(businessId, channel, customer));

    public void Dispose()
    {
        _customers.Dispose();
        _businesses.Dispose();
        _accounts.Dispose();
        _notices.Dispose();
    }

    private readonly record struct Customer(long BusinessId, AgentChannel Channel, string Name);
}
