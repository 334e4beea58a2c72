using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.Options;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Tokens;

/// <summary>
/// Makes the tokens that the bearer scheme reads. They name a session and are good as long as it lasts,
/// a few minutes at most.
/// </summary>
internal sealed class AccessTokens(IOptionsMonitor<BearerTokenOptions> options, TimeProvider time)
{
    public TokenResponse Create(AccountSession session, string refreshToken)
    {
        var bearer = options.Get(AccountSchemes.Bearer);
        var now = time.GetUtcNow();
        var expires = now + bearer.BearerTokenExpiration < session.EndsAt ? now + bearer.BearerTokenExpiration : session.EndsAt;
        var ticket = new AuthenticationTicket(
            AccountClaims.Create(AccountSchemes.Bearer, session.AccountId, session.Id),
            new AuthenticationProperties { ExpiresUtc = expires },
            AccountSchemes.Bearer);
        return new TokenResponse(
            AccountSchemes.BearerTokenType, bearer.BearerTokenProtector.Protect(ticket), (int)(expires - now).TotalSeconds, refreshToken);
    }
}
