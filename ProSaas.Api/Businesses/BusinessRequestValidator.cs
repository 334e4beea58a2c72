using System.Globalization;
using FluentValidation;
using ProSaas.Api.Http;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

internal sealed class BusinessRequestValidator : RequestValidator<BusinessRequest>
{
    public const int MaxName = 200;
    public const int MaxGreeting = 1_000;
    public const int MaxPrompt = 20_000;
    private const int MaxShort = 100;

    private static readonly string RateRange =
        string.Create(CultureInfo.InvariantCulture, $"allowed is {Business.MinSpeakingRate} to {Business.MaxSpeakingRate:0.0}.");

    public BusinessRequestValidator()
    {
        RuleFor(request => request.Id).Must((_, id, context) => id is null || id == Stored<Business>(context)?.Id)
            .WithMessage("It cannot be changed.");
        RuleFor(request => request.IsActive)
            .Must((_, isActive, context) => isActive is null || isActive == (Stored<Business>(context)?.IsActive ?? true))
            .WithMessage("It is changed with activate and deactivate.");
        RuleFor(request => request.Name).RequiredText(MaxName);
        RuleFor(request => request.BusinessType).RequiredText(MaxShort);
        RuleFor(request => request.Greeting).RequiredText(MaxGreeting);
        RuleFor(request => request.SystemPrompt).RequiredText(MaxPrompt);
        RuleFor(request => request.WhatsappSystemPrompt).OptionalText(MaxPrompt);
        RuleFor(request => request.Language)
            .OptionalText(MaxShort).Must(tag => tag.TrimToNull() is not { } text || Locale.Language(text) is not null)
            .WithMessage("It is not a known language tag; for instance he-IL or en-US.");
        RuleFor(request => request.TimeZone)
            .OptionalText(MaxShort).Must(zone => zone.TrimToNull() is not { } text || Locale.IsTimeZone(text))
            .WithMessage("It is not a time zone of the IANA database; for instance Asia/Jerusalem.");
        RuleFor(request => request.Phone).OptionalText(MaxShort)
            .Must((request, number, context) => IsNumber(request, number, Stored<Business>(context)?.PhoneE164)).WithMessage(NumberFault);
        RuleFor(request => request.WhatsappNumber).OptionalText(MaxShort)
            .Must((request, number, context) => IsNumber(request, number, Stored<Business>(context)?.WhatsappNumber))
            .WithMessage(NumberFault);
        RuleFor(request => request.CallsEnabled).Must((request, isEnabled) => !isEnabled || request.Phone.TrimToNull() is not null)
            .WithMessage("It needs phone, the number customers reach it at.");
        RuleFor(request => request.WhatsappEnabled)
            .Must((request, isEnabled) => !isEnabled || request.WhatsappNumber.TrimToNull() is not null)
            .WithMessage("It needs whatsappNumber, the number customers reach it at.");
        When(request => request.Voice is not null, () =>
        {
            RuleFor(request => request.Voice!.Name).OptionalText(MaxShort);
            RuleFor(request => request.Voice!.SpeakingRate)
                .Must(rate => rate is null or (>= Business.MinSpeakingRate and <= Business.MaxSpeakingRate))
                .WithMessage((_, rate) => string.Create(CultureInfo.InvariantCulture, $"It is {rate}; {RateRange}"));
        });
        RuleFor(request => request.OpeningHours).Custom((periods, context) =>
        {
            foreach (var (path, error) in OpeningHoursBody.FindErrors(periods ?? []))
            {
                context.AddFailure(context.PropertyPath + path, error);
            }
        });
    }

    private static bool IsNumber(BusinessRequest request, string? number, string? current) =>
        number.TrimToNull() is null || request.Number(number, current) is not null;

    private static string NumberFault(BusinessRequest request) => request.Region() is { } region
        ? $"It is not a valid telephone number, neither international (+972 3 555 0001) nor national in {region}."
        : "It is not a valid telephone number in international form, for instance +972 3 555 0001.";
}
