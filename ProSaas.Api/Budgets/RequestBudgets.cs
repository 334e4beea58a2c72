using Microsoft.Extensions.Options;

namespace ProSaas.Api.Budgets;

/// <summary>Requests of one kind, for the account that sends them and the business that they are about.</summary>
internal sealed class RequestBudgets : IDisposable
{
    private readonly Dictionary<RequestKind, (Budget<long> Accounts, Budget<long> Businesses)> _kinds;

    public RequestBudgets(IOptions<BudgetOptions> options, TimeProvider time)
    {
        var settings = options.Value;
        _kinds = new()
        {
            [RequestKind.List] = Of("lists and searches", settings.ListsPerAccount, settings.ListsPerBusiness),
            [RequestKind.Export] = Of("exports", settings.ExportsPerAccount, settings.ExportsPerBusiness),
            [RequestKind.Speech] = Of("requests for speech", settings.SpeechPerAccount, settings.SpeechPerBusiness),
        };

        (Budget<long> Accounts, Budget<long> Businesses) Of(string what, int perAccount, int perBusiness) => (
            new("An account", what, perAccount, settings.Window, time), new("A business", what, perBusiness, settings.Window, time));
    }

    /// <param name="businessId">Null for a request that is about none.</param>
    /// <returns>What is spent; null when the request may be answered.</returns>
    public SpentBudget? Take(RequestKind kind, long accountId, long? businessId)
    {
        var (accounts, businesses) = _kinds[kind];
        return accounts.Take(accountId) ?? (businessId is { } business ? businesses.Take(business) : null);
    }

    public void Dispose()
    {
        foreach (var (accounts, businesses) in _kinds.Values)
        {
            accounts.Dispose();
            businesses.Dispose();
        }
    }
}
