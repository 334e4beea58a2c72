namespace ProSaas.Api.Http;

/// <summary>
/// Refuses query parameters with control characters, whichever operation they are for: nobody searches for them, and PostgreSQL
/// has no NUL.
/// </summary>
internal static class QueryCheck
{
    public static void UseQueryCheck(this WebApplication app) => app.Use((context, next) =>
    {
        foreach (var (name, values) in context.Request.Query)
        {
            if (name.Any(char.IsControl) || values.Any(value => value?.Any(char.IsControl) is true))
            {
                return Problems.Invalid(name, "It has a control character.").ExecuteAsync(context);
            }
        }

        return next(context);
    });
}
