using System.Globalization;
using ProSaas.Api.Http;
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
    string? Name,
    string? BusinessType,
    string? Phone,
    string? WhatsappNumber,
    string? Greeting,
    string? SystemPrompt,
    string? WhatsappSystemPrompt,
    string? Language,
    string? TimeZone,
    VoiceBody? Voice,
    IReadOnlyList<OpeningPeriodBody?>? OpeningHours,
    bool CallsEnabled,
    bool WhatsappEnabled,
    long? Id = null,
    bool? IsActive = null)
{
    public const int MaxName = 200;
    public const int MaxBusinessType = 100;
    public const int MaxGreeting = 1_000;
    public const int MaxPrompt = 20_000;
    private const int MaxShort = 100;

    /// <summary>Writes what is valid into the business; what is not comes back as errors, and then the business is not to be saved.</summary>
    public FieldErrors ApplyTo(Business business)
    {
        var errors = new FieldErrors();
        if (Id is not null && Id != business.Id)
        {
            errors.Add("id", "It cannot be changed.");
        }

        if (IsActive is not null && IsActive != business.IsActive)
        {
            errors.Add("isActive", "It is changed with activate and deactivate.");
        }

        business.Name = errors.Required("name", Name, MaxName);
        business.BusinessType = errors.Required("businessType", BusinessType, MaxBusinessType);
        business.Greeting = errors.Required("greeting", Greeting, MaxGreeting);
        business.SystemPrompt = errors.Required("systemPrompt", SystemPrompt, MaxPrompt);
        business.WhatsappSystemPrompt = errors.Optional("whatsappSystemPrompt", WhatsappSystemPrompt, MaxPrompt);
        business.Language = ReadLanguage(errors);
        business.TimeZone = ReadTimeZone(errors);
        business.PhoneE164 = ReadNumber("phone", Phone, business.PhoneE164, business.Language, errors);
        business.WhatsappNumber = ReadNumber("whatsappNumber", WhatsappNumber, business.WhatsappNumber, business.Language, errors);
        business.CallsEnabled = ReadEnabled("callsEnabled", CallsEnabled, "phone", Phone, errors);
        business.WhatsappEnabled = ReadEnabled("whatsappEnabled", WhatsappEnabled, "whatsappNumber", WhatsappNumber, errors);
        business.VoiceName = errors.Optional("voice.name", Voice?.Name, MaxShort);
        business.SpeakingRate = ReadSpeakingRate(errors);
        business.OpeningHours = OpeningHoursBody.Read("openingHours", OpeningHours, errors);
        return errors;
    }

    private string ReadLanguage(FieldErrors errors)
    {
        if (errors.Optional("language", Language, MaxShort) is not { } tag)
        {
            return Business.DefaultLanguage;
        }

        if (Locale.Language(tag) is { } language)
        {
            return language;
        }

        errors.Add("language", "It is no known language tag; for instance he-IL or en-US.");
        return Business.DefaultLanguage;
    }

    private string ReadTimeZone(FieldErrors errors)
    {
        if (errors.Optional("timeZone", TimeZone, MaxShort) is not { } zone)
        {
            return Business.DefaultTimeZone;
        }

        if (!Locale.IsTimeZone(zone))
        {
            errors.Add("timeZone", "It is no time zone of the IANA database; for instance Asia/Jerusalem.");
        }

        return zone;
    }

    /// <summary>A number that stays is not looked at again: which ones are valid changes with the library's data.</summary>
    private static string? ReadNumber(string field, string? number, string? current, string language, FieldErrors errors)
    {
        if (errors.Optional(field, number, MaxShort) is not { } text)
        {
            return null;
        }

        if (text == current)
        {
            return current;
        }

        var region = Locale.Region(language);
        var e164 = TelephoneNumber.ToE164(text, region);
        if (e164 is null)
        {
            errors.Add(field, region is null
                ? "It is no valid telephone number in international form, for instance +972 3 555 0001."
                : $"It is no valid telephone number, neither international (+972 3 555 0001) nor national in {region}.");
        }

        return e164;
    }

    private static bool ReadEnabled(string field, bool enabled, string numberField, string? number, FieldErrors errors)
    {
        if (enabled && string.IsNullOrWhiteSpace(number))
        {
            errors.Add(field, $"It needs {numberField}, the number customers reach it at.");
        }

        return enabled;
    }

    private double ReadSpeakingRate(FieldErrors errors)
    {
        var rate = Voice?.SpeakingRate ?? 1;
        if (rate is < Business.MinSpeakingRate or > Business.MaxSpeakingRate)
        {
            errors.Add("voice.speakingRate", string.Create(
                CultureInfo.InvariantCulture, $"It is {rate}; allowed is {Business.MinSpeakingRate} to {Business.MaxSpeakingRate:0.0}."));
        }

        return rate;
    }
}
