using Microsoft.AspNetCore.Http.HttpResults;

namespace ProSaas.Api.Http;

/// <summary>Answers that every feature gives, and how an endpoint says which it may give.</summary>
internal static class Problems
{
    /// <summary>Also the answer about another business's, so that nobody learns which exist.</summary>
    /// <param name="what">What was asked for, for instance <c>business</c>.</param>
    public static ProblemHttpResult NotFound(string what) =>
        ProblemTypes.NotFound.Because($"There is no such {what}, or it is not yours to see.");

    /// <summary>Names the members at fault.</summary>
    /// <param name="errors">What is wrong, by the member's path in the request: <c>voice.speakingRate</c>, <c>openingHours[2]</c>.</param>
    public static ValidationProblem Invalid(IDictionary<string, string[]> errors) => TypedResults.ValidationProblem(
        errors, type: ProblemTypes.Validation.Uri, title: ProblemTypes.Validation.Title, detail: "See the errors of each field.");

    /// <summary>As <see cref="Invalid(IDictionary{string, string[]})"/>, for one member.</summary>
    public static ValidationProblem Invalid(string member, string error) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [member] = [error] });

    /// <summary>Says in the API's description which problems these endpoints answer with.</summary>
    public static TBuilder WithProblems<TBuilder>(this TBuilder endpoints, params ProblemType[] types)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.WithMetadata(new ProblemMetadata(types));
        foreach (var status in types.Select(type => type.Status).Distinct())
        {
            endpoints.WithMetadata(new ProducesResponseTypeMetadata(
                status,
                status is StatusCodes.Status400BadRequest
                    ? typeof(HttpValidationProblemDetails)
                    : typeof(Microsoft.AspNetCore.Mvc.ProblemDetails),
                ["application/problem+json"]));
        }

        return endpoints;
    }
}

/// <summary>Endpoint metadata: problems that it answers with.</summary>
internal sealed record ProblemMetadata(IReadOnlyList<ProblemType> Types);
