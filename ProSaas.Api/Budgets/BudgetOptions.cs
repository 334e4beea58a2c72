using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Budgets;

/// <summary>
/// How much a customer, a business and an account may have of what costs money or work, section <c>Budgets</c>. Each counts in one
/// replica, over <see cref="Window"/>; ordinary use meets none.
/// </summary>
public sealed class BudgetOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Budgets";

    /// <summary>What they are counted over; 1 second to 1 hour, 5 minutes by default.</summary>
    [AllowedRange("00:00:01", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Replies to one customer on one channel; 1 to 1,000,000,000, 40 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int RepliesPerCustomer { get; set; } = 40;

    /// <summary>Replies to all customers of a business; 1 to 1,000,000,000, 500 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int RepliesPerBusiness { get; set; } = 500;

    /// <summary>Replies that an account asks for by the API, for any business; 1 to 1,000,000,000, 5,000 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int RepliesPerAccount { get; set; } = 5_000;

    /// <summary>Exports of customers of a business; 1 to 1,000,000,000, 60 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int ExportsPerBusiness { get; set; } = 60;

    /// <summary>Exports by an account; 1 to 1,000,000,000, 30 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int ExportsPerAccount { get; set; } = 30;

    /// <summary>Lists and searches of a business's data; 1 to 1,000,000,000, 3,000 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int ListsPerBusiness { get; set; } = 3_000;

    /// <summary>Lists and searches by an account; 1 to 1,000,000,000, 1,500 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int ListsPerAccount { get; set; } = 1_500;

    /// <summary>Requests for speech of a business, those that the cache answers too; 1 to 1,000,000,000, 1,000 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int SpeechPerBusiness { get; set; } = 1_000;

    /// <summary>Requests for speech by an account; 1 to 1,000,000,000, 1,500 by default.</summary>
    [AllowedRange("1", "1000000000")]
    public int SpeechPerAccount { get; set; } = 1_500;
}

[OptionsValidator]
internal sealed partial class BudgetOptionsValidator : IValidateOptions<BudgetOptions>;
