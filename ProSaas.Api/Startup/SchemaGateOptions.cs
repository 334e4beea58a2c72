using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Startup;

/// <summary>Settings of the schema gate, section <c>Startup</c>.</summary>
internal sealed class SchemaGateOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Startup";

    /// <summary>How long the gate waits before the start counts as late; 00:00:00.1 to one day, 60 s by default.</summary>
    [AllowedRange("00:00:00.1000000", "1.00:00:00")]
    public TimeSpan MigrationTimeout { get; set; } = TimeSpan.FromSeconds(60);
}

[OptionsValidator]
internal sealed partial class SchemaGateOptionsValidator : IValidateOptions<SchemaGateOptions>;
