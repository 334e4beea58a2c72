using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Accounts.Sessions;

/// <summary>How long logins last, section <c>Sessions</c>.</summary>
public sealed class AccountSessionOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Sessions";

    /// <summary>A browser's session ends when it was not used for so long; 1 minute to 7 days, 2 hours by default.</summary>
    [AllowedRange("00:01:00", "7.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(2);

    /// <summary>A browser's session ends so long after the login, used or not; 1 minute to 30 days, 12 hours by default.</summary>
    [AllowedRange("00:01:00", "30.00:00:00")]
    public TimeSpan AbsoluteTimeout { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long an access token is good; 10 seconds to 1 hour, 5 minutes by default.</summary>
    [AllowedRange("00:00:10", "01:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A program's session ends when it was not refreshed for so long; 1 minute to 30 days, 7 days by default.</summary>
    [AllowedRange("00:01:00", "30.00:00:00")]
    public TimeSpan TokenIdleTimeout { get; set; } = TimeSpan.FromDays(7);

    /// <summary>A program's session ends so long after the login, refreshed or not; 1 minute to 90 days, 30 days by default.</summary>
    [AllowedRange("00:01:00", "90.00:00:00")]
    public TimeSpan TokenAbsoluteTimeout { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class AccountSessionOptionsValidator : IValidateOptions<AccountSessionOptions>;
