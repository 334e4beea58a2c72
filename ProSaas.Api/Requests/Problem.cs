using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ProSaas.Api.Requests;

/// <summary>RFC 9457 answers. The type is what a program tells them apart by: it stays, the words may change.</summary>
public static class Problem
{
    /// <param name="type">The stable part of <c>urn:prosaas:problem:…</c>.</param>
    /// <param name="detail">Cause and remedy.</param>
    public static ProblemHttpResult Create(int status, string type, string title, string detail) => TypedResults.Problem(Details(status, type, title, detail));

    public static ProblemHttpResult NotFound(string what) =>
        Create(StatusCodes.Status404NotFound, "not-found", "Not found", $"There is no such {what}, or you may not see it.");

    internal static ProblemDetails Details(int status, string type, string title, string detail) => new()
    {
        Type = $"urn:prosaas:problem:{type}",
        Title = title,
        Detail = detail,
        Status = status,
    };
}
