using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Conversations;

internal static class ConversationProblems
{
    /// <summary>Also the answer about another business's, so that nobody learns which exist.</summary>
    public static ProblemHttpResult NotFound(string what) => Problem.Of(
        StatusCodes.Status404NotFound, "not-found", "Not found", $"There is no such {what}, or it is not yours to see.");

    public static ProblemHttpResult InvalidChannel() => Problem.Of(
        StatusCodes.Status400BadRequest, "invalid-channel", "The channel is not valid", "channel is calls or whatsapp, or is left out for both.");
}
