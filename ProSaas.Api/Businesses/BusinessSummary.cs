using System.Linq.Expressions;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

/// <summary>A business in a list.</summary>
/// <param name="LastActivityAt">When a customer last wrote or called, UTC; null before the first time.</param>
internal sealed record BusinessSummary(
    long Id, string Name, string BusinessType, string? Phone, string? WhatsappNumber, bool IsActive, DateTimeOffset? LastActivityAt)
{
    public static readonly Expression<Func<Business, BusinessSummary>> Of = business => new BusinessSummary(
        business.Id, business.Name, business.BusinessType, business.PhoneE164, business.WhatsappNumber, business.IsActive,
        business.LastActivityAt);
}
