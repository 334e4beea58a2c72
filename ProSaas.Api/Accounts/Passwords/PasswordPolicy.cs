namespace ProSaas.Api.Accounts.Passwords;

/// <summary>
/// What a new password must be, by OWASP ASVS 5.0, 6.2: long enough, of any characters, not one of those everybody tries, and
/// not made of what everybody knows about its owner.
/// </summary>
internal static class PasswordPolicy
{
    /// <summary>In characters as people count them, not in UTF-16 units.</summary>
    public const int MinLength = 12;

    public const int MaxLength = 128;

    private const int ShortestOwnWord = 3;

    private const string Product = "prosaas";

    /// <summary>Why the password is refused; null when it is not.</summary>
    /// <param name="password">As it was typed.</param>
    /// <param name="own">What is known of its owner: e-mail address, name, names of their businesses.</param>
    public static string? FindFault(string password, params IEnumerable<string?> own)
    {
        var length = Count(password);
        if (length is < MinLength or > MaxLength)
        {
            return $"A password has {MinLength} to {MaxLength} characters; this one has {length}.";
        }

        if (CommonPasswords.Contains(password))
        {
            return "This password is one of those that are tried first. "
                + "Choose another one, for instance four words that do not belong together.";
        }

        return Count(WithoutOwnWords(password, own)) < MinLength
            ? $"Apart from your name, e-mail address and businesses, a password has at least {MinLength} characters."
            : null;
    }

    private static string WithoutOwnWords(string password, IEnumerable<string?> own)
    {
        var rest = password;
        foreach (var word in own.Append(Product)
            .SelectMany(WordsOf).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(word => word.Length))
        {
            rest = rest.Replace(word, "", StringComparison.OrdinalIgnoreCase);
        }

        return rest;
    }

    /// <summary>The whole without what separates its words, and each word.</summary>
    private static IEnumerable<string> WordsOf(string? text)
    {
        var words = new string([.. (text ?? "").Select(character => char.IsLetterOrDigit(character) ? character : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Append(string.Concat(words)).Where(word => word.Length >= ShortestOwnWord);
    }

    private static int Count(string text) => text.EnumerateRunes().Count();
}
