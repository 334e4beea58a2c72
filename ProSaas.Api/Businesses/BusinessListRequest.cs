using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using ProSaas.Api.Http;

namespace ProSaas.Api.Businesses;

/// <summary>Which of the businesses are listed.</summary>
internal sealed class BusinessListRequest : PageRequest
{
    private const int MaxSearch = 100;

    [FromQuery(Name = "search"), Description("A part of the name or of a telephone number.")]
    public string? Search { get; init; }

    internal sealed class Validator : Validator<BusinessListRequest>
    {
        public Validator() => RuleFor(request => request.Search).OptionalText(MaxSearch);
    }
}
