using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProSaas.Data.Accounts;
using ProSaas.Data.Conversations;
using Scalar.AspNetCore;

namespace ProSaas.Api.Http;

internal static class HttpRegistration
{
    /// <summary>Room for the longest prompts with every character escaped; what needs more says so at its endpoint.</summary>
    private const long MaxBodyBytes = 512 * 1024;

    /// <summary>Adds how requests are read, what those get that cannot be, and the API's description.</summary>
    public static void AddHttp(this IHostApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<IProblemDetailsWriter, AnyAcceptProblemWriter>();
        builder.Services.AddOpenApi();
        builder.Services.Configure<OpenApiOptions>(OpenApiDescription.Name, OpenApiDescription.Configure);
        builder.Services.AddValidator<PageRequest, PageRequest.Validator<PageRequest>>();
        var traces = TraceLink.Create(builder.Configuration, builder.Environment);
        builder.Services.Configure<ProblemDetailsOptions>(options => options.CustomizeProblemDetails = context =>
        {
            StatusProblem.Complete(context);
            traces?.AddTo(context);
        });
        builder.Services.AddExceptionHandler<BadRequestHandler>();
        builder.Services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = MaxBodyBytes);
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            // A misspelt or doubled member is told, not dropped.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.Converters.Add(new NamedEnumConverter<AgentChannel>());
            options.SerializerOptions.Converters.Add(new NamedEnumConverter<BusinessRole>());
            options.SerializerOptions.Converters.Add(new NamedEnumConverter<DayOfWeek>());
            options.SerializerOptions.Converters.Add(new NamedEnumConverter<MessageRole>());
        });
    }

    /// <summary>In development, a page to read the API's description and try it: <c>/scalar</c>. It loads nothing from elsewhere.</summary>
    public static void MapApiReference(this WebApplication app)
    {
        if (app.Environment.IsDevelopment())
        {
            app.MapScalarApiReference(scalar => scalar.WithTitle("ProSaas").DisableDefaultFonts()).ExcludeFromDescription();
        }
    }
}
