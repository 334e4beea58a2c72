namespace ProSaas.Api.Http;

internal static class ValidationExtensions
{
    /// <summary>How requests of this type are validated; made when the first one comes.</summary>
    public static void AddValidator<TRequest, TValidator>(this IServiceCollection services)
        where TRequest : class
        where TValidator : RequestValidator<TRequest> =>
        services.AddSingleton<RequestValidator<TRequest>, TValidator>();

    /// <summary>Refuses a request that breaks its rules before the handler runs.</summary>
    public static RouteHandlerBuilder WithValidation<TRequest>(this RouteHandlerBuilder endpoint)
        where TRequest : class =>
        endpoint
            .AddEndpointFilter(async (context, next) =>
            {
                var validator = context.HttpContext.RequestServices.GetRequiredService<RequestValidator<TRequest>>();
                return validator.FindProblem(context.Arguments.OfType<TRequest>().Single()) ?? await next(context);
            })
            .WithProblems(ProblemTypes.Validation);
}
