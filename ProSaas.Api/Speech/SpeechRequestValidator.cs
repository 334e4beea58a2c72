using System.Globalization;
using FluentValidation;
using Microsoft.Extensions.Options;
using ProSaas.Api.Http;
using ProSaas.Api.Speech.Text;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Speech;

internal sealed class SpeechRequestValidator : RequestValidator<SpeechRequest>
{
    private const int MaxName = 100;

    private static readonly string Rates =
        string.Create(CultureInfo.InvariantCulture, $"{Business.MinSpeakingRate} to {Business.MaxSpeakingRate:0.0}");

    public SpeechRequestValidator(IOptions<SpeechOptions> options)
    {
        RuleFor(request => request.Text)
            .RequiredText(options.Value.MaxCharacters)
            .Must(text => TextSegmenter.Split(text!.Trim()) is not null)
            .WithMessage($"One of its characters, with its combining marks, has more than {TextSegmenter.MaxBytes} bytes.")
            .When(request => request.Ssml is null);
        RuleFor(request => request.Ssml)
            .Must((request, _) => request.Text is null).WithMessage("Send text or ssml, not both.")
            .RequiredText(TextSegmenter.MaxBytes)
            .Custom((ssml, context) =>
            {
                if (SsmlValidator.Validate(ssml!.Trim()) is { } problem)
                {
                    context.AddFailure(problem);
                }
            })
            .When(request => request.Ssml is not null);
        RuleFor(request => request.Voice).OptionalText(MaxName);
        RuleFor(request => request.Language).OptionalText(MaxName);
        RuleFor(request => request.Rate)
            .InclusiveBetween(Business.MinSpeakingRate, Business.MaxSpeakingRate)
            .WithMessage($"It is {{PropertyValue}}; allowed is {Rates}.");
    }
}
