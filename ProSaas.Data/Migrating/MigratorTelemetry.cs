using System.Diagnostics;

namespace ProSaas.Data.Migrating;

internal static class MigratorTelemetry
{
    public const string Migrate = "startup.migrate";
    public const string Migration = "startup.migrate.migration";
    public const string Seed = "startup.migrate.seed";

    public static readonly ActivitySource Source = new("ProSaas.Startup");

    public static void Retry(Activity? span, int attempt, Exception failure) =>
        span?.AddEvent(new ActivityEvent(
            "retry", tags: new ActivityTagsCollection { ["attempt"] = attempt, ["error.type"] = ErrorType.Of(failure) }));

    public static void Fail(Activity? span, Exception failure)
    {
        span?.SetStatus(ActivityStatusCode.Error, ErrorType.Of(failure));
        span?.AddException(failure);
    }
}
