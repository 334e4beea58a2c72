using Microsoft.AspNetCore.Mvc;

namespace ProSaas.Api.Http;

/// <summary>Gives the problems that the framework makes of a bare status a stable type and a remedy too.</summary>
internal static class StatusProblem
{
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (!ProblemType.IsOurs(problem.Type) && Of(problem.Status) is { } own)
        {
            (problem.Type, problem.Title, problem.Detail) = (own.Type, own.Title, own.Detail);
        }
    }

    private static ProblemDetails? Of(int? status) => status switch
    {
        400 =>
            ProblemTypes.MalformedRequest.Details("A part of it is missing or malformed; see the API's description at /openapi/v1.json."),
        404 => ProblemTypes.NoSuchPath.Details("The API has nothing there; see its description at /openapi/v1.json."),
        405 => ProblemTypes.MethodNotAllowed.Details("Use one of the methods that the header Allow names."),
        413 => ProblemTypes.BodyTooLarge.Details("Send less at once."),
        415 => ProblemTypes.NotJson.Details("Send JSON, with Content-Type: application/json."),
        500 => ProblemTypes.InternalError.Details("Try again; if it stays, tell the operator the traceId."),
        _ => null,
    };
}
