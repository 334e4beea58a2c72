namespace ProSaas.Api.Http;

internal static class CacheExtensions
{
    /// <summary>Answers of the group are somebody's own: no cache keeps them.</summary>
    public static RouteGroupBuilder KeepOutOfCaches(this RouteGroupBuilder group) => group.AddEndpointFilter((context, next) =>
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    });
}
