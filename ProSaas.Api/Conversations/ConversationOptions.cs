using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Conversations;

/// <summary>How conversations are answered and kept, section <c>Conversations</c>.</summary>
public sealed class ConversationOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Conversations";

    /// <summary>
    /// How much of the conversation an agent reads, in tokens by estimate; 0 to 1,000,000, 2,000 by default. The newest whole
    /// messages are taken until the next one does not fit. A message counts one token for 3 bytes of UTF-8, rounded up, and 4 for
    /// itself: somewhat much for English, about right for Hebrew.
    /// </summary>
    [AllowedRange("0", "1000000")]
    public int HistoryTokens { get; set; } = 2_000;

    /// <summary>
    /// After how long a process that answers a message and is not heard of counts as dead; 2 seconds to 5 minutes, 15 seconds by
    /// default. It is heard of three times as often.
    /// </summary>
    [AllowedRange("00:00:02", "00:05:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest that a message waits for the ones before it; 0 to 5 minutes, 30 seconds by default.</summary>
    [AllowedRange("00:00:00", "00:05:00")]
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A conversation is removed so many days after its last message; 1 to 3,650, 365 by default.</summary>
    [AllowedRange("1", "3650")]
    public int RetentionDays { get; set; } = 365;
}

[OptionsValidator]
internal sealed partial class ConversationOptionsValidator : IValidateOptions<ConversationOptions>;
