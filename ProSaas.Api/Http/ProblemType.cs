using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ProSaas.Api.Http;

/// <summary>
/// A kind of problem by RFC 9457. Clients may rely on its name and its status, which never part;
/// all are in <see cref="ProblemTypes"/>.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Name">Stable, in kebab case, without prefix.</param>
/// <param name="Title">The kind of problem, the same each time.</param>
internal sealed record ProblemType(int Status, string Name, string Title)
{
    private const string Prefix = "urn:prosaas:problem:";

    /// <summary>The <c>type</c> of an answer.</summary>
    public string Uri => Prefix + Name;

    public static bool IsOurs(string? type) => type?.StartsWith(Prefix, StringComparison.Ordinal) is true;

    /// <summary>The body alone, for middleware and event streams.</summary>
    /// <param name="detail">This case: cause and remedy.</param>
    public ProblemDetails Details(string detail) => new() { Status = Status, Type = Uri, Title = Title, Detail = detail };

    /// <summary>The answer.</summary>
    /// <inheritdoc cref="Details"/>
    public ProblemHttpResult Because(string detail) => TypedResults.Problem(Details(detail));

    /// <summary>As <see cref="Because(string)"/>, where the same request will do later.</summary>
    /// <param name="response">Gets <c>Retry-After</c>.</param>
    /// <param name="retryAfter">Rounded up to whole seconds, at least one.</param>
    /// <param name="detail">This case: cause and remedy.</param>
    public ProblemHttpResult Because(HttpResponse response, TimeSpan retryAfter, string detail)
    {
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Because(detail);
    }
}
