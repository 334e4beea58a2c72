using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

/// <summary>An entry of a business's FAQ.</summary>
internal sealed record FaqEntryResponse(long Id, string Question, string Answer, int Position)
{
    public static FaqEntryResponse Of(FaqEntry entry) => new(entry.Id, entry.Question, entry.Answer, entry.Position);
}
