using Microsoft.AspNetCore.Antiforgery;

namespace ProSaas.Api.Accounts;

/// <summary>
/// Refuses an unsafe request that a cookie let in and that carries no antiforgery token:
/// another site may have made the browser send it.
/// </summary>
internal sealed class CookieAntiforgeryMiddleware(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext context, SignedInAccount signedIn)
    {
        if (signedIn.ByCookie && !await antiforgery.IsRequestValidAsync(context))
        {
            await AccountProblems.Antiforgery().ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
