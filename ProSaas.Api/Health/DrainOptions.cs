using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Health;

/// <summary>Settings of the way down, section <c>Health</c>.</summary>
internal sealed class DrainOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Health";

    /// <summary>Long enough for a probe every few seconds to see <c>stopping</c>.</summary>
    public static readonly TimeSpan ProductionDelay = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the API goes on serving after it was told to stop, answering <c>stopping</c> on <c>/api/health</c>, so that
    /// traffic is taken away first; 0 to 5 minutes. By default 5 s in production and 0 elsewhere.
    /// </summary>
    [AllowedRange("00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; }
}

[OptionsValidator]
internal sealed partial class DrainOptionsValidator : IValidateOptions<DrainOptions>;
