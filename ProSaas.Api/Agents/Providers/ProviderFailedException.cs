using System.ClientModel;
using System.Globalization;
using System.Text.Json;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ProSaas.Api.Agents.Providers;

/// <summary>
/// The provider gave no answer that can be used. Says why in a word, and nothing that the provider said:
/// that may repeat a customer's message.
/// </summary>
internal sealed class ProviderFailedException(string reason) : Exception($"The provider gave no answer: {reason}.")
{
    public const string Empty = "empty_answer";
    public const string CutOff = "cut_off";

    private const string TimedOut = "timeout";

    /// <summary>One of few words, for telemetry.</summary>
    public string Reason { get; } = reason;

    public static ProviderFailedException Of(Exception failure) => new(failure switch
    {
        BrokenCircuitException => "circuit_open",
        TimeoutRejectedException or OperationCanceledException or TimeoutException => TimedOut,
        ClientResultException { Status: > 0 and var status } => string.Create(CultureInfo.InvariantCulture, $"http_{status}"),
        HttpRequestException { StatusCode: { } status } => string.Create(CultureInfo.InvariantCulture, $"http_{(int)status}"),
        IOException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => CutOff,
        HttpRequestException => "unreachable",
        JsonException or FormatException => "malformed_answer",
        { InnerException: { } inner } => Of(inner).Reason,
        _ => failure.GetType().Name,
    });
}
