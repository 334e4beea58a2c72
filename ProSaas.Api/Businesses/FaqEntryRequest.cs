using ProSaas.Api.Http;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

/// <summary>An entry of a business's FAQ.</summary>
/// <param name="Position">Order among the entries, ascending, 0 to 100,000; entries of one position are in order of their ids.</param>
/// <param name="Id">May come back from an answer as it was.</param>
internal sealed record FaqEntryRequest(string? Question, string? Answer, int Position, long? Id = null)
{
    public const int MaxQuestion = 500;
    public const int MaxAnswer = 4_000;
    private const int MaxPosition = 100_000;

    public FieldErrors ApplyTo(FaqEntry entry)
    {
        var errors = new FieldErrors();
        if (Id is not null && Id != entry.Id)
        {
            errors.Add("id", "It cannot be changed.");
        }

        entry.Question = errors.Required("question", Question, MaxQuestion);
        entry.Answer = errors.Required("answer", Answer, MaxAnswer);
        entry.Position = Position;
        if (Position is < 0 or > MaxPosition)
        {
            errors.Add("position", $"It is {Position}; allowed is 0 to {MaxPosition}.");
        }

        return errors;
    }
}
