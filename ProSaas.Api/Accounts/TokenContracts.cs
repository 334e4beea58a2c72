namespace ProSaas.Api.Accounts;

internal sealed record RefreshRequest(string? RefreshToken);

/// <param name="ExpiresIn">Seconds that the access token is good.</param>
/// <param name="RefreshToken">Good for one use. To use it twice ends the session: it means that somebody has a copy.</param>
internal sealed record TokenResponse(string TokenType, string AccessToken, int ExpiresIn, string RefreshToken);
