using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ProSaas.ServiceDefaults;

/// <summary>Answers by RFC 9457 whose <c>type</c> clients may rely on.</summary>
public static class Problem
{
    private const string TypePrefix = "urn:prosaas:problem:";

    /// <summary>An answer that says what went wrong and what to do.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="type">The stable name in kebab case, without prefix.</param>
    /// <param name="title">The kind of problem, the same each time.</param>
    /// <param name="detail">This case: cause and remedy.</param>
    public static ProblemHttpResult Of(int status, string type, string title, string detail) => TypedResults.Problem(Details(status, type, title, detail));

    /// <summary>A 400 that names the fields at fault.</summary>
    /// <param name="errors">What is wrong, by the field's name in the request.</param>
    public static ValidationProblem Invalid(IDictionary<string, string[]> errors)
        => TypedResults.ValidationProblem(errors, type: TypePrefix + "validation", title: "The request is not valid", detail: "See the errors of each field.");

    /// <summary>As <see cref="Invalid(IDictionary{string, string[]})"/>, for one field.</summary>
    public static ValidationProblem Invalid(string field, string error) => Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [error] });

    /// <summary>The body alone, for middleware.</summary>
    /// <inheritdoc cref="Of"/>
    public static ProblemDetails Details(int status, string type, string title, string detail)
        => new() { Status = status, Type = TypePrefix + type, Title = title, Detail = detail };
}
