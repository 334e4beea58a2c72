namespace Aspire.Dashboard.Access;

/// <summary><c>GET /login?t=TOKEN</c>: turns the token of the printed address into a cookie.</summary>
internal static class LoginEndpoint
{
    private const string Form = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width">
          <meta name="color-scheme" content="light dark">
          <title>Log in - dashboard</title>
          <style>
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 15vh auto; padding: 0 1rem }
            input, button { font: inherit; padding: .4rem .6rem }
          </style>
        </head>
        <body>
          <main>
            <h1>Dashboard</h1>
            <p>Open the address that was printed when the application started, or enter the token at its end (after <code>t=</code>).</p>
            <form method="get" action="/login">
              <label for="t">Token</label>
              <input id="t" name="t" type="password" autocomplete="off" required autofocus>
              <button>Log in</button>
            </form>
          </main>
        </body>
        </html>
        """;

    public static void MapLogin(this IEndpointRouteBuilder routes, AccessGuard guard) =>
        routes.MapGet(AccessGuard.LoginPath, (HttpContext context, string? t, string? returnUrl) =>
        {
            if (!guard.IsToken(t))
            {
                return Results.Content(Form, "text/html; charset=utf-8", statusCode: t is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);
            }

            guard.Remember(context.Response);
            return Results.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/");
        });

    private static bool IsLocal(string? url) => url is { Length: > 0 } && url[0] == '/' && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl);
}
