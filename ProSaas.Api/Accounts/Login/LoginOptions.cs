using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Accounts.Login;

/// <summary>How often anybody may try to log in, section <c>Login</c>.</summary>
public sealed class LoginOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Login";

    /// <summary>
    /// Attempts with one e-mail address, whether an account has it or not, from one network or known device before that is locked
    /// for it; twice as many from all unknown networks together before each of them waits; 3 to 100, 10 by default.
    /// </summary>
    [AllowedRange("3", "100")]
    public int MaxFailures { get; set; } = 10;

    /// <summary>
    /// How long failures count, from the first one on, and so how long a network is locked;
    /// 10 seconds to one day, 15 minutes by default.
    /// </summary>
    [AllowedRange("00:00:10", "1.00:00:00")]
    public TimeSpan LockoutDuration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Attempts a minute of one client, which is an IPv4 address or an IPv6 /64, on each replica and at each endpoint that takes
    /// a password or a set-up code; 1 to 100,000, 30 by default.
    /// </summary>
    [AllowedRange("1", "100000")]
    public int AttemptsPerAddress { get; set; } = 30;

    /// <summary>Refreshes of tokens a minute of one client, on each replica; 1 to 100,000, 300 by default.</summary>
    [AllowedRange("1", "100000")]
    public int RefreshesPerAddress { get; set; } = 300;

    /// <summary>
    /// Passwords hashed at once, for strangers and again for known devices; 1 to 64, by default the cores. Four times as many may
    /// wait; the rest is told to come again.
    /// </summary>
    [AllowedRange("1", "64")]
    public int ConcurrentHashes { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 64);
}

[OptionsValidator]
internal sealed partial class LoginOptionsValidator : IValidateOptions<LoginOptions>;
