using System.Text.Json.Serialization;
using FluentValidation;
using ProSaas.Api.Http;
using ProSaas.Api.Text;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

/// <summary>An entry of a business's FAQ.</summary>
/// <param name="Position">Order among the entries, ascending, 0 to 100,000; entries of one position are in order of their ids.</param>
/// <param name="Id">May come back from an answer as it was.</param>
internal sealed record FaqEntryRequest(
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Question,
    [property: JsonConverter(typeof(WellFormedTextConverter))] string? Answer,
    int Position,
    long? Id = null)
{
    /// <summary>Writes it into the entry; it is valid.</summary>
    public void ApplyTo(FaqEntry entry) => (entry.Question, entry.Answer, entry.Position) = (Question!.Trim(), Answer!.Trim(), Position);
}

internal sealed class FaqEntryRequestValidator : RequestValidator<FaqEntryRequest>
{
    public const int MaxQuestion = 500;
    public const int MaxAnswer = 4_000;
    private const int MaxPosition = 100_000;

    public FaqEntryRequestValidator()
    {
        RuleFor(request => request.Id)
            .Must((_, id, context) => id is null || id == Stored<FaqEntry>(context)?.Id).WithMessage("It cannot be changed.");
        RuleFor(request => request.Question).RequiredText(MaxQuestion);
        RuleFor(request => request.Answer).RequiredText(MaxAnswer);
        RuleFor(request => request.Position).InclusiveBetween(0, MaxPosition)
            .WithMessage($"It is {{PropertyValue}}; allowed is 0 to {MaxPosition}.");
    }
}
