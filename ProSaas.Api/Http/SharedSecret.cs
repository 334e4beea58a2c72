using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace ProSaas.Api.Http;

/// <summary>
/// A secret that a caller shows to prove itself. Hashes are compared, in constant time, so that the time taken tells neither
/// how much of it was right nor how long it is.
/// </summary>
/// <param name="secret">Null or empty: nothing that is shown is right.</param>
internal sealed class SharedSecret(string? secret)
{
    private readonly byte[]? _hash = string.IsNullOrEmpty(secret) ? null : Hash(secret);

    public bool Is(string? shown) => _hash is not null && CryptographicOperations.FixedTimeEquals(_hash, Hash(shown ?? ""));

    /// <summary>Whether the request shows it as a bearer token (RFC 6750).</summary>
    public bool IsBearerOf(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var shown)
        && shown.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        && Is(shown.Parameter);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
