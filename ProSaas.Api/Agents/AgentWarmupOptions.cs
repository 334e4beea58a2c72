using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Agents;

/// <summary>Settings of the agent warmup, section <c>AgentWarmup</c>.</summary>
public sealed class AgentWarmupOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "AgentWarmup";

    /// <summary>
    /// The most businesses to warm, most recently active first; 0, the default, means all
    /// within <see cref="MemoryBudget"/>.
    /// </summary>
    [AllowedRange("0", "1000000")]
    public int MaxBusinesses { get; set; }

    /// <summary>
    /// Bytes that warm agents may take together by estimate, 1 MiB to 64 GiB; 256 MiB by default.
    /// The rest are made on first use.
    /// </summary>
    [AllowedRange("1048576", "68719476736")]
    public long MemoryBudget { get; set; } = 256L * 1024 * 1024;

    /// <summary>Businesses warmed at a time, 1 to 1024; the number of cores by default.</summary>
    [AllowedRange("1", "1024")]
    public int MaxConcurrency { get; set; } = Environment.ProcessorCount;
}

[OptionsValidator]
internal sealed partial class AgentWarmupOptionsValidator : IValidateOptions<AgentWarmupOptions>;
