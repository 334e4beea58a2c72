using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace ProSaas.Api.Accounts.Sessions;

/// <summary>Decrypts what <see cref="KeySecret"/> encrypted. Data protection makes it, by its name, which stands beside each key.</summary>
internal sealed class KeySecretDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetRequiredService<KeySecret>().Decrypt(encryptedElement);
}
