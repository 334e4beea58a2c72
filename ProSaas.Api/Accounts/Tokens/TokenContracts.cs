using FluentValidation;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts.Tokens;

internal sealed record RefreshRequest(string? RefreshToken)
{
    internal sealed class Validator : RequestValidator<RefreshRequest>
    {
        public Validator() =>
            RuleFor(request => request.RefreshToken).NotEmpty().WithMessage("The refresh token of the last answer is needed.");
    }
}

/// <param name="ExpiresIn">Seconds that the access token is good.</param>
/// <param name="RefreshToken">Good for one use. Used again within 10 s it gives the same next one; later it ends the session: somebody has a copy.</param>
internal sealed record TokenResponse(string TokenType, string AccessToken, int ExpiresIn, string RefreshToken);
