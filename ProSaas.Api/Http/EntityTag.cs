using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;

namespace ProSaas.Api.Http;

/// <summary>
/// Strong entity tags over a version number: a change says which version it was made from, so
/// that none is overwritten unseen.
/// </summary>
internal static class EntityTag
{
    public static void Write(HttpResponse response, long version) => response.Headers.ETag = Format(version);

    /// <summary>
    /// Whether the request's <c>If-Match</c> names this version; otherwise the answer:
    /// 428 without the header, 412 with another.
    /// </summary>
    public static bool Matches(HttpRequest request, long version, [NotNullWhen(false)] out ProblemHttpResult? refusal)
    {
        var tags = request.Headers.IfMatch;
        refusal = StringValues.IsNullOrEmpty(tags)
            ? ProblemTypes.IfMatchRequired.Because("Read the resource, and send the ETag of that answer as If-Match.")
            : IsNamedBy(tags, Format(version))
            ? null
            : ProblemTypes.ChangedMeanwhile.Because(
                "It was changed after you read it. Read it again, and send your change with the new ETag.");
        return refusal is null;
    }

    /// <summary>Whether <c>If-Match</c> or <c>If-None-Match</c> names the tag.</summary>
    // No "*": it would be a way around saying what the change was made from. A tag may come back weak, from a proxy that
    // compressed the answer; it names the version all the same.
    public static bool IsNamedBy(StringValues tags, string current) =>
        tags.SelectMany(line => (line ?? "").Split(',')).Select(tag => tag.Trim()).Any(tag => tag == current || tag == $"W/{current}");

    private static string Format(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
