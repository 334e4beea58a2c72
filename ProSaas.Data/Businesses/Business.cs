namespace ProSaas.Data.Businesses;

/// <summary>A tenant: a business whose customers are answered by its agents, one a channel.</summary>
public sealed class Business
{
    public const string DefaultLanguage = "he-IL";
    public const string DefaultTimeZone = "Asia/Jerusalem";
    public const double MinSpeakingRate = 0.25;
    public const double MaxSpeakingRate = 4.0;

    public long Id { get; init; }

    public required string Name { get; set; }

    /// <summary>What it does, as its owner calls it: "dental clinic", "מסעדה".</summary>
    public required string BusinessType { get; set; }

    /// <summary>The number customers call, in E.164 form with the plus sign; null when it takes no calls.</summary>
    public string? PhoneE164 { get; set; }

    /// <summary>The number customers write to, in E.164 form with the plus sign; null when it has no WhatsApp.</summary>
    public string? WhatsappNumber { get; set; }

    /// <summary>The first words of an agent, in <see cref="Language"/>.</summary>
    public required string Greeting { get; set; }

    /// <summary>Instructions of the owner for the agents of all channels.</summary>
    public required string SystemPrompt { get; set; }

    /// <summary>Instructions that replace <see cref="SystemPrompt"/> on WhatsApp; null when they are the same.</summary>
    public string? WhatsappSystemPrompt { get; set; }

    /// <summary>BCP 47 tag of the language the agents speak.</summary>
    public string Language { get; set; } = DefaultLanguage;

    /// <summary>The speech provider's name of a voice; null means the provider's default for <see cref="Language"/>.</summary>
    public string? VoiceName { get; set; }

    /// <summary>Speed of speech, 1.0 being the voice's own; from <see cref="MinSpeakingRate"/> to <see cref="MaxSpeakingRate"/>.</summary>
    public double SpeakingRate { get; set; } = 1.0;

    /// <summary>IANA name of the zone that <see cref="OpeningHours"/> are in.</summary>
    public string TimeZone { get; set; } = DefaultTimeZone;

    public OpeningHours OpeningHours { get; set; } = OpeningHours.None;

    /// <summary>An inactive business has no agents.</summary>
    public bool IsActive { get; set; } = true;

    public bool CallsEnabled { get; set; }

    public bool WhatsappEnabled { get; set; }

    /// <summary>When a customer was last heard, UTC; null before the first one.</summary>
    public DateTimeOffset? LastActivityAt { get; set; }

    /// <summary>
    /// Grows with every change that an agent's answers depend on, in this row or the business's FAQ. The database alone writes it;
    /// a change of the FAQ is counted when its transaction commits.
    /// </summary>
    public long AgentVersion { get; private set; }

    /// <summary>Concurrency token.</summary>
    public uint RowVersion { get; private set; }

    public ICollection<FaqEntry> FaqEntries { get; } = [];
}
