using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using ProSaas.ServiceDefaults.Configuration;

namespace ProSaas.Api.Accounts.Sessions;

/// <summary>
/// The secret of the deployment, <c>DATA_PROTECTION_SECRET</c>, by which data-protection keys are encrypted in the database:
/// AES-256-GCM, with a key by HKDF-SHA256 and a salt for each.
/// </summary>
/// <param name="secret">Null where there is none: keys are then written as they are.</param>
internal sealed class KeySecret(string? secret) : IXmlEncryptor
{
    public const string Key = "DATA_PROTECTION_SECRET";

    private const int MinLength = 32;
    private const int SaltBytes = 32;
    private const int KeyBytes = 32;

    /// <summary>The element that data protection puts around what an encryptor made.</summary>
    private static readonly XName EncryptedSecret = XName.Get("encryptedSecret", "http://schemas.asp.net/2015/03/dataProtection");

    private static readonly byte[] Purpose = "ProSaas data-protection keys"u8.ToArray();

    /// <summary>Each key of its own is used once, so that the nonce may be the same.</summary>
    private static readonly byte[] Nonce = new byte[AesGcm.NonceByteSizes.MaxSize];

    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    public bool IsSet => secret is not null;

    /// <exception cref="ConfigurationException">It is too short, or has blanks or characters that are not ASCII.</exception>
    public static KeySecret Read(IConfiguration configuration) => new(configuration.GetText(Key) is null
        ? null
        : configuration.GetSecret(Key, $"at least {MinLength} random characters, for instance of: openssl rand -hex 32", MinLength));

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var sealedKey = new byte[TagBytes + plain.Length];
        using var cipher = Cipher(salt);
        cipher.Encrypt(Nonce, plain, sealedKey.AsSpan(TagBytes), sealedKey.AsSpan(0, TagBytes));
        return new EncryptedXmlInfo(
            new XElement(
                "encryptedKey",
                new XElement("salt", Convert.ToBase64String(salt)),
                new XElement("value", Convert.ToBase64String(sealedKey))),
            typeof(KeySecretDecryptor));
    }

    /// <exception cref="CryptographicException">There is no secret, it is another one, or the element was changed.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        try
        {
            var sealedKey = Convert.FromBase64String((string)encryptedElement.Element("value")!);
            var plain = new byte[sealedKey.Length - TagBytes];
            using var cipher = Cipher(Convert.FromBase64String((string)encryptedElement.Element("salt")!));
            cipher.Decrypt(Nonce, sealedKey.AsSpan(TagBytes), sealedKey.AsSpan(0, TagBytes), plain);
            return XElement.Parse(Encoding.UTF8.GetString(plain));
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or OverflowException)
        {
            throw new CryptographicException("The element is not an encrypted key.", malformed);
        }
    }

    /// <summary>Whether this secret reads a key as it stands in the database; one that is not encrypted needs none.</summary>
    public bool CanRead(string key)
    {
        try
        {
            foreach (var encrypted in XElement.Parse(key).Descendants(EncryptedSecret))
            {
                Decrypt(encrypted.Elements().Single());
            }

            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whether a key as it stands in the database is encrypted.</summary>
    public static bool IsEncrypted(string key) => XElement.Parse(key).Descendants(EncryptedSecret).Any();

    private AesGcm Cipher(byte[] salt) => secret is null
        ? throw new CryptographicException($"{Key} is not set.")
        : new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), KeyBytes, salt, Purpose), TagBytes);
}
