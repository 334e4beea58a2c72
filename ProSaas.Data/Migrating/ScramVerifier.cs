using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProSaas.Data.Migrating;

/// <summary>
/// Hashes a password the way PostgreSQL stores it (RFC 5802, RFC 7677), so that no statement, and with it no log of the
/// server, ever has the password itself.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;
    private const int SaltBytes = 16;

    public static string Create(string password) => Create(password, RandomNumberGenerator.GetBytes(SaltBytes));

    public static string Create(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)),
            salt,
            Iterations,
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Text(salt)}${Text(storedKey)}:{Text(serverKey)}");

        static string Text(byte[] bytes) => Convert.ToBase64String(bytes);
    }
}
