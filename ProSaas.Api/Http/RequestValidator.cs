using System.Text.Json;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ProSaas.Api.Http;

/// <summary>
/// The rules of a request. They are FluentValidation's and not .NET's AddValidation() because that names members in Pascal case
/// and leaves out rules over several members until the others hold, so that not all errors are told at once.
/// </summary>
internal abstract class RequestValidator<TRequest> : AbstractValidator<TRequest>
    where TRequest : class
{
    private const string StoredKey = "stored";

    protected RequestValidator() => RuleLevelCascadeMode = CascadeMode.Stop;

    /// <summary>The answer to a request that breaks rules, with all of them; null when it breaks none.</summary>
    /// <param name="request">As it came.</param>
    /// <param name="stored">What the request is to change, for rules that compare with it.</param>
    public ValidationProblem? FindProblem(TRequest request, object? stored = null) =>
        FindErrors(request, stored) is { Count: > 0 } errors ? Problems.Invalid(errors) : null;

    /// <summary>What is wrong, by the member's path.</summary>
    /// <inheritdoc cref="FindProblem"/>
    public IDictionary<string, string[]> FindErrors(TRequest request, object? stored = null)
    {
        var context = new ValidationContext<TRequest>(request) { RootContextData = { [StoredKey] = stored! } };
        return Validate(context).Errors
            .GroupBy(error => CamelCase(error.PropertyName), error => error.ErrorMessage, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>What the request is to change; null for something new.</summary>
    protected static TStored? Stored<TStored>(ValidationContext<TRequest> context)
        where TStored : class =>
        context.RootContextData[StoredKey] as TStored;

    private static string CamelCase(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
