using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Accounts.Login;

/// <summary>How often anybody may try to log in, section <c>Login</c>.</summary>
public sealed class LoginOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Login";

    /// <summary>Attempts with one e-mail address before it is locked, whether an account has it or not; 3 to 100, 10 by default.</summary>
    [AllowedRange("3", "100")]
    public int MaxFailures { get; set; } = 10;

    /// <summary>
    /// How long failures count, from the first one on, and so how long a locked address stays so;
    /// 10 seconds to one day, 15 minutes by default.
    /// </summary>
    [AllowedRange("00:00:10", "1.00:00:00")]
    public TimeSpan LockoutDuration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Attempts a minute of one client address, on each replica; 1 to 100,000, 30 by default.</summary>
    [AllowedRange("1", "100000")]
    public int AttemptsPerAddress { get; set; } = 30;

    /// <summary>
    /// Passwords hashed at once; 1 to 64, by default the cores. Four times as many may wait;
    /// the rest is told to come again.
    /// </summary>
    [AllowedRange("1", "64")]
    public int ConcurrentHashes { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 64);
}

[OptionsValidator]
internal sealed partial class LoginOptionsValidator : IValidateOptions<LoginOptions>;
