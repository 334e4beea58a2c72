using System.Text;
using ProSaas.Api.Agents.Faq;
using ProSaas.Data.Businesses;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>
/// All that a business's agents answer from, as it was at <see cref="Version"/>. Kept once for all channels, the long texts as
/// the UTF-8 that the database sent: a prompt is put together when it is used.
/// </summary>
internal sealed class BusinessProfile
{
    /// <summary>This object, its small strings and its place in the cache.</summary>
    private const int OverheadBytes = 1_000;

    private IReadOnlyList<FaqEntryText> _faqEntries = [];
    private FaqIndex _faq = FaqIndex.Empty;

    public required long Id { get; init; }

    /// <summary>The business's <c>agent_version</c>.</summary>
    public required long Version { get; init; }

    public required string Name { get; init; }

    public required string BusinessType { get; init; }

    public required string Language { get; init; }

    public required string TimeZone { get; init; }

    public required OpeningHours OpeningHours { get; init; }

    public required Utf8Text Greeting { get; init; }

    public required Utf8Text SystemPrompt { get; init; }

    public Utf8Text WhatsappSystemPrompt { get; init; }

    /// <summary>Its number for calls, in E.164 form; null for none.</summary>
    public string? Phone { get; init; }

    /// <summary>Its number on WhatsApp, in E.164 form; null for none.</summary>
    public string? WhatsappNumber { get; init; }

    /// <summary>The entries in order, from which <see cref="Faq"/> is made.</summary>
    public IReadOnlyList<FaqEntryText> FaqEntries
    {
        init => _faqEntries = value;
    }

    /// <summary>Empty until the profile is prepared.</summary>
    public FaqIndex Faq => _faq;

    public bool CallsEnabled { get; init; }

    public bool WhatsappEnabled { get; init; }

    public int EnabledChannels => (CallsEnabled ? 1 : 0) + (WhatsappEnabled ? 1 : 0);

    /// <summary>When it was prepared, UTC.</summary>
    public DateTimeOffset PreparedAt { get; private set; }

    /// <summary>How long that took.</summary>
    public TimeSpan PreparedIn { get; private set; }

    /// <summary>What it takes in memory, by estimate.</summary>
    public long SizeInBytes => OverheadBytes + Greeting.Length + SystemPrompt.Length + WhatsappSystemPrompt.Length + Faq.SizeInBytes;

    /// <summary>Reads what the database sent unread and makes the FAQ's index: better now than before a customer.</summary>
    /// <exception cref="System.Text.Json.JsonException">The opening hours cannot be read.</exception>
    public BusinessProfile Prepare(TimeProvider time)
    {
        var started = time.GetTimestamp();
        _ = OpeningHours.Periods;
        _faq = FaqIndex.Create(_faqEntries, $"{Name} {BusinessType}");
        _faqEntries = [];
        (PreparedAt, PreparedIn) = (time.GetUtcNow(), time.GetElapsedTime(started));
        return this;
    }

    /// <summary>Whether to answer a text in Hebrew, else in English.</summary>
    public bool SpeaksHebrew(string text) => StandardReplies.IsHebrew(text) ?? Language.StartsWith("he", StringComparison.Ordinal);

    public bool IsEnabled(AgentChannel channel) => channel is AgentChannel.Calls ? CallsEnabled : WhatsappEnabled;
}

/// <summary>A text kept as UTF-8; the default is empty.</summary>
internal readonly struct Utf8Text(byte[]? bytes)
{
    public int Length => bytes?.Length ?? 0;

    public static Utf8Text Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public override string ToString() => bytes is null ? "" : Encoding.UTF8.GetString(bytes);
}
