using System.Text.Json.Serialization;
using ProSaas.Api.Http;
using ProSaas.Api.Text;
using ProSaas.Data.Businesses;
namespace ProSaas.Api.Businesses;

/// <summary>All that an owner decides about a business. It is replaced as a whole: what is left out gets its default.</summary>
/// <param name="Phone">The number customers call: international, or national in the region of <paramref name="Language"/>.</param>
/// <param name="WhatsappNumber">The number customers write to, in the same forms.</param>
/// <param name="Language">BCP 47 tag; <c>he-IL</c> when it is left out.</param>
/// <param name="TimeZone">IANA name; <c>Asia/Jerusalem</c> when it is left out.</param>
/// <param name="Id">May come back from an answer as it was.</param>
/// <param name="IsActive">May come back from an answer as it was.</param>
internal sealed record BusinessRequest(
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Name,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? BusinessType,
    string? Phone,
    string? WhatsappNumber,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Greeting,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? SystemPrompt,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? WhatsappSystemPrompt,
    string? Language,
    string? TimeZone,
    VoiceBody? Voice,
    IReadOnlyList<OpeningPeriodBody?>? OpeningHours,
    bool CallsEnabled,
    bool WhatsappEnabled,
    long? Id = null,
    bool? IsActive = null)
{
    /// <summary>Writes it into the business; it is valid.</summary>
    public void ApplyTo(Business business)
    {
        business.Name = Name!.Trim();
        business.BusinessType = BusinessType!.Trim();
        business.Greeting = Greeting!.Trim();
        business.SystemPrompt = SystemPrompt!.Trim();
        business.WhatsappSystemPrompt = WhatsappSystemPrompt.TrimToNull();
        business.Language = LanguageTag();
        business.TimeZone = TimeZone.TrimToNull() ?? Business.DefaultTimeZone;
        business.PhoneE164 = Number(Phone, business.PhoneE164);
        business.WhatsappNumber = Number(WhatsappNumber, business.WhatsappNumber);
        business.CallsEnabled = CallsEnabled;
        business.WhatsappEnabled = WhatsappEnabled;
        business.VoiceName = Voice?.Name.TrimToNull();
        business.SpeakingRate = Voice?.SpeakingRate ?? 1;
        business.OpeningHours = OpeningHoursBody.ToHours(OpeningHours ?? []);
    }

    /// <summary>The number in E.164 form; null when there is none, or it is not valid.</summary>
    /// <param name="current">A number that stays is not checked again: which ones are valid changes with the library's data.</param>
    internal string? Number(string? number, string? current) => number.TrimToNull() switch
    {
        null => null,
        var text when text == current => current,
        var text => TelephoneNumber.ToE164(text, Region()),
    };

    /// <summary>The region whose national numbers are understood; null for none.</summary>
    internal string? Region() => Locale.Region(LanguageTag());

    private string LanguageTag() =>
        Language.TrimToNull() is { } tag && Locale.Language(tag) is { } language ? language : Business.DefaultLanguage;
}
