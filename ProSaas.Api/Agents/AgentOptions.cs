using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Agents;

/// <summary>Settings of the agents, section <c>Agents</c>; which provider answers is read beside them, see docs/agents.md.</summary>
public sealed class AgentOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Agents";

    /// <summary>
    /// How long an attempt at the provider may take until it begins to answer, and how long it may fall silent while it
    /// streams; 0.1 s to 5 minutes, 15 s by default.
    /// </summary>
    [AllowedRange("00:00:00.1000000", "00:05:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether spans hold prompts, messages and what tools were called with; false by default,
    /// for they are customers' data.
    /// </summary>
    public bool RecordMessages { get; set; }
}

[OptionsValidator]
internal sealed partial class AgentOptionsValidator : IValidateOptions<AgentOptions>;
