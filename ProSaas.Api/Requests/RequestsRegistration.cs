using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProSaas.Api.Requests;

internal static class RequestsRegistration
{
    /// <summary>Adds how bodies are read and what a request gets that cannot be read.</summary>
    public static void AddRequests(this IHostApplicationBuilder builder)
    {
        builder.Services.AddExceptionHandler<BadRequestHandler>();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            // A misspelt or doubled member is told, not dropped.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        });
    }
}
