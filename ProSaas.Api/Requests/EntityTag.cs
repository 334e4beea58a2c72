using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Requests;

/// <summary>Strong entity tags over a version number: a change says which version it was made from, so that none is overwritten unseen.</summary>
public static class EntityTag
{
    public static void Write(HttpResponse response, long version)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers.ETag = Format(version);
    }

    /// <summary>Whether the request's <c>If-Match</c> names this version; otherwise the answer: 428 without the header, 412 with another.</summary>
    public static bool Matches(HttpRequest request, long version, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        ArgumentNullException.ThrowIfNull(request);
        var tags = request.Headers.IfMatch;
        refusal = StringValues.IsNullOrEmpty(tags)
            ? Problem.Of(
                StatusCodes.Status428PreconditionRequired,
                "if-match-required",
                "If-Match is required",
                "Read the resource, and send the ETag of that answer as If-Match.")
            : Names(tags, Format(version))
            ? null
            : Problem.Of(
                StatusCodes.Status412PreconditionFailed,
                "changed-meanwhile",
                "Changed meanwhile",
                "It was changed after you read it. Read it again, and send your change with the new ETag.");
        return refusal is null;
    }

    // No "*": it would be a way around saying what the change was made from. A tag may come back weak, from a proxy that
    // compressed the answer; it names the version all the same.
    private static bool Names(StringValues tags, string current) =>
        tags.SelectMany(line => (line ?? "").Split(',')).Select(tag => tag.Trim()).Any(tag => tag == current || tag == $"W/{current}");

    private static string Format(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
