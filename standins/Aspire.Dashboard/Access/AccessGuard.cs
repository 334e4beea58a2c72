using System.Security.Cryptography;
using System.Text;
using Aspire.Dashboard.Hosting;
using Aspire.Dashboard.Otlp;
using Aspire.Hosting.Dashboard;

namespace Aspire.Dashboard.Access;

/// <summary>
/// Lets in who may use the dashboard: a browser that has shown the token of the printed address, a script with the key, a sender of
/// telemetry with its key. Being on the same machine is no right: other users are, and the pages of other sites in the same browser.
/// </summary>
internal sealed class AccessGuard(DashboardSettings settings)
{
    public const string LoginPath = "/login";
    private const string ApiPath = "/api/telemetry";
    private const string ApiKeyHeader = "x-api-key";
    private const string OtlpKeyHeader = "x-otlp-api-key";

    /// <summary>Another one than the token, which stays in a browser's history.</summary>
    private readonly string _session = RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>Cookies are not kept apart by port, so that a second dashboard needs one of another name.</summary>
    private string CookieName => $".Aspire.Dashboard.{settings.Frontend.Port}";

    /// <summary>Refuses who may not come in.</summary>
    public Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var listener = ListenerOf(context);
        if (IsForged(context.Request, listener))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        if (!settings.IsOpen && !IsAllowed(context.Request, listener))
        {
            return RefuseAsync(context, listener);
        }

        var endpoint = context.GetEndpoint();
        if (endpoint is not null && (endpoint.Metadata.GetMetadata<ListenerMetadata>()?.Listener ?? Listener.Frontend) == listener)
        {
            return next(context);
        }

        context.SetEndpoint(null);
        return listener == Listener.OtlpGrpc ? OtlpGrpcEndpoints.RefuseAsync(context, GrpcStatus.Unimplemented, "There is no such method.") : next(context);
    }

    /// <summary>Whether this is the token of the printed address.</summary>
    public bool IsToken(string? token) => token is not null && AreEqual(token, settings.BrowserToken);

    /// <summary>Remembers a browser until it is closed, or the application ends.</summary>
    public void Remember(HttpResponse response) =>
        response.Cookies.Append(CookieName, _session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });

    private Listener ListenerOf(HttpContext context) =>
        context.Connection.LocalPort == settings.OtlpGrpc.Port ? Listener.OtlpGrpc
        : context.Connection.LocalPort == settings.OtlpHttp.Port ? Listener.OtlpHttp
        : Listener.Frontend;

    /// <summary>
    /// A page of another site can make a name of its own lead here, but not make the browser send this host; and what it asks for
    /// itself says where it comes from, opening a socket included.
    /// </summary>
    private bool IsForged(HttpRequest request, Listener listener)
    {
        var port = listener switch { Listener.OtlpGrpc => settings.OtlpGrpc.Port, Listener.OtlpHttp => settings.OtlpHttp.Port, _ => settings.Frontend.Port };
        var host = request.Host;
        if (host.Port != port || host.Host is not ("127.0.0.1" or "localhost"))
        {
            return true;
        }

        var origin = request.Headers.Origin;
        return origin.Count > 0 && !string.Equals(origin.ToString(), $"http://{host.Value}", StringComparison.OrdinalIgnoreCase);
    }

    private bool IsAllowed(HttpRequest request, Listener listener) => listener switch
    {
        Listener.OtlpGrpc or Listener.OtlpHttp => AreEqual(request.Headers[OtlpKeyHeader].ToString(), settings.OtlpApiKey),
        _ when request.Path == LoginPath => true,
        _ when request.Path.StartsWithSegments(ApiPath, StringComparison.Ordinal) && request.Headers.ContainsKey(ApiKeyHeader) => AreEqual(request.Headers[ApiKeyHeader].ToString(), settings.ApiKey),
        _ => request.Cookies.TryGetValue(CookieName, out var session) && AreEqual(session, _session),
    };

    private static Task RefuseAsync(HttpContext context, Listener listener) => listener switch
    {
        Listener.OtlpGrpc => OtlpGrpcEndpoints.RefuseAsync(context, GrpcStatus.Unauthenticated, $"The header {OtlpKeyHeader} has not the key of this run."),
        Listener.OtlpHttp => OtlpHttpEndpoints.RefuseAsync(context, StatusCodes.Status401Unauthorized, GrpcStatus.Unauthenticated, $"The header {OtlpKeyHeader} has not the key of this run."),
        _ => AskForLoginAsync(context),
    };

    private static Task AskForLoginAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Redirect($"{LoginPath}?returnUrl={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
            return Task.CompletedTask;
        }

        return TypedResults.Problem(
            $"Send the key of this run as {ApiKeyHeader} to {ApiPath}, or open the address that was printed when the application started.",
            statusCode: StatusCodes.Status401Unauthorized, type: "urn:problem:login-required").ExecuteAsync(context);
    }

    private static bool AreEqual(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
