using System.IO.Compression;

namespace ProSaas.Api.Accounts.Passwords;

/// <summary>The 10,000 most common passwords that are long enough to be chosen here; NOTICE says where they are from.</summary>
internal static class CommonPasswords
{
    private const string Resource = "ProSaas.Api.Accounts.Passwords.common-passwords.txt.gz";

    private static readonly Lazy<HashSet<string>> List = new(Read);

    public static int Count => List.Value.Count;

    /// <summary>Whether the password is one of them, in any case.</summary>
    public static bool Contains(string password) => List.Value.Contains(password);

    private static HashSet<string> Read()
    {
        using var resource = typeof(CommonPasswords).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is not in the assembly.");
        using var reader = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var passwords = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { } password)
        {
            passwords.Add(password);
        }

        return passwords;
    }
}
