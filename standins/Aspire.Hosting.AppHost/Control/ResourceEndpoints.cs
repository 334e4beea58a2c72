using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Hosting.Control;

internal static class ResourceEndpoints
{
    private const string PlainText = "text/plain";

    public static void MapResources(this IEndpointRouteBuilder routes, ResourceControl control)
    {
        var group = routes.MapGroup("/api/resources");
        group.MapGet("", (HttpRequest request) => List(request, control.List()));
        group.MapPost("/{resource}/commands/{command}", async (HttpRequest request, string resource, string command, bool confirmed = false) =>
            Answer(request, await control.ExecuteAsync(resource, command, confirmed)));
    }

    private static IResult List(HttpRequest request, IReadOnlyList<ResourceView> resources) =>
        WantsText(request) ? TypedResults.Text(ResourceTable.Write(resources), PlainText) : TypedResults.Json(resources);

    private static IResult Answer(HttpRequest request, CommandOutcome outcome)
    {
        var (status, problem) = outcome.Status switch
        {
            CommandStatus.Done => (StatusCodes.Status200OK, null),
            CommandStatus.NotConfirmed => (StatusCodes.Status428PreconditionRequired, "confirmation-required"),
            CommandStatus.NotNow => (StatusCodes.Status409Conflict, "command-disabled"),
            CommandStatus.Unknown => (StatusCodes.Status404NotFound, "command-unknown"),
            _ => (StatusCodes.Status500InternalServerError, "command-failed"),
        };
        return (problem, WantsText(request)) switch
        {
            (_, true) => TypedResults.Text($"{outcome.Message}\n", PlainText, statusCode: status),
            (null, _) => TypedResults.Json(new { outcome.Message }),
            _ => TypedResults.Problem(outcome.Message, statusCode: status, type: $"urn:problem:{problem}"),
        };
    }

    private static bool WantsText(HttpRequest request) => request.Headers.Accept.ToString().StartsWith(PlainText, StringComparison.OrdinalIgnoreCase);
}
