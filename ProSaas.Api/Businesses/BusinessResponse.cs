using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

/// <summary>A business as its people see it. Numbers are in E.164 form.</summary>
internal sealed record BusinessResponse(
    long Id,
    string Name,
    string BusinessType,
    string? Phone,
    string? WhatsappNumber,
    string Greeting,
    string SystemPrompt,
    string? WhatsappSystemPrompt,
    string Language,
    string TimeZone,
    VoiceBody Voice,
    IReadOnlyList<OpeningPeriodBody> OpeningHours,
    bool CallsEnabled,
    bool WhatsappEnabled,
    bool IsActive)
{
    public static BusinessResponse Of(Business business) => new(
        business.Id,
        business.Name,
        business.BusinessType,
        business.PhoneE164,
        business.WhatsappNumber,
        business.Greeting,
        business.SystemPrompt,
        business.WhatsappSystemPrompt,
        business.Language,
        business.TimeZone,
        new VoiceBody(business.VoiceName, business.SpeakingRate),
        OpeningHoursBody.Of(business.OpeningHours),
        business.CallsEnabled,
        business.WhatsappEnabled,
        business.IsActive);
}
