using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.TextToSpeech.V1;

namespace ProSaas.Api.Speech.Providers;

/// <summary>Gives Google's access tokens, from the credentials as they were set.</summary>
internal sealed class GoogleTokenProvider(string credentials)
{
    private volatile Lazy<ITokenAccess> _access = Read(credentials);

    public Task<string> GetAsync(string address, CancellationToken cancellationToken) =>
        _access.Value.GetAccessTokenForRequestAsync(address, cancellationToken);

    /// <summary>Forgets the token, which Google refused although it should be good.</summary>
    public void Renew() => _access = Read(credentials);

    private static Lazy<ITokenAccess> Read(string json) => new(() =>
    {
        using var document = JsonDocument.Parse(json);
        var credential = CredentialFactory.FromJson(json, document.RootElement.GetProperty("type").GetString()!);
        var scoped = credential.CreateScoped(TextToSpeechClient.DefaultScopes);

        // A service account signs its tokens itself: one way to Google less before the first word.
        return scoped.UnderlyingCredential is ServiceAccountCredential account
            ? account.WithUseJwtAccessWithScopes(useJwtAccessWithScopes: true)
            : (ITokenAccess)scoped;
    });
}
