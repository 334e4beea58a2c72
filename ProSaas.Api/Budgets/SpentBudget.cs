using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Http;

namespace ProSaas.Api.Budgets;

/// <summary>A budget that has nothing left.</summary>
/// <param name="Whose">Who has it, with an article.</param>
/// <param name="What">What is counted, in the plural.</param>
/// <param name="Limit">How many there are.</param>
/// <param name="Window">In how much time.</param>
/// <param name="RetryAfter">When there are some again, at the latest.</param>
/// <param name="Until">The same as a time, UTC.</param>
internal sealed record SpentBudget(string Whose, string What, int Limit, TimeSpan Window, TimeSpan RetryAfter, DateTimeOffset Until)
{
    /// <param name="remedy">What to do, a sentence.</param>
    public ProblemHttpResult ToProblem(HttpResponse response, string remedy) => ProblemTypes.TooManyRequests.Because(
        response,
        RetryAfter,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Whose} may have {Limit} {What} in {Window.TotalSeconds:0} s and has had them, until {Until:yyyy-MM-dd HH:mm:ss} UTC at the latest. {remedy}"));
}
