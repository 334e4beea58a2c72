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
    /// The most that a model may say in one call, in tokens as it counts them; 16 to 100,000, 1,000 by default. What it has said until
    /// then is used.
    /// </summary>
    [AllowedRange("16", "100000")]
    public int MaxOutputTokens { get; set; } = 1_000;

    /// <summary>
    /// The most that a model is sent in one call, in tokens by estimate, a token for 3 bytes of UTF-8; 8,000 to 1,000,000, 64,000 by
    /// default. What has no room is left out: of the history the oldest, of the FAQ what has least to do with the message.
    /// </summary>
    [AllowedRange("8000", "1000000")]
    public int MaxPromptTokens { get; set; } = 64_000;

    /// <summary>
    /// Whether spans hold prompts, messages and what tools were called with; false by default,
    /// for they are customers' data.
    /// </summary>
    public bool RecordMessages { get; set; }
}

[OptionsValidator]
internal sealed partial class AgentOptionsValidator : IValidateOptions<AgentOptions>;
