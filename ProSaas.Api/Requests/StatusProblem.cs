using Microsoft.AspNetCore.Mvc;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Requests;

/// <summary>Gives the problems that the framework makes of a bare status a stable type and a remedy too.</summary>
internal static class StatusProblem
{
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem.Type?.StartsWith("urn:prosaas:", StringComparison.Ordinal) is true || Of(problem.Status) is not { } own)
        {
            return;
        }

        (problem.Type, problem.Title, problem.Detail) = (own.Type, own.Title, own.Detail);
    }

    private static ProblemDetails? Of(int? status) => status switch
    {
        400 => Problem.Details(400, "malformed-request", "The request cannot be read", "A part of it is missing or malformed; see the API's description at /openapi/v1.json."),
        404 => Problem.Details(404, "no-such-path", "No such path", "The API has nothing there; see its description at /openapi/v1.json."),
        405 => Problem.Details(405, "method-not-allowed", "Method not allowed", "Use one of the methods that the header Allow names."),
        413 => Problem.Details(413, "body-too-large", "The body is too large", "Send less at once."),
        415 => Problem.Details(415, "not-json", "The body is not JSON", "Send JSON, with Content-Type: application/json."),
        500 => Problem.Details(500, "internal-error", "Something went wrong here", "Try again; if it stays, tell the operator the traceId."),
        _ => null,
    };
}
