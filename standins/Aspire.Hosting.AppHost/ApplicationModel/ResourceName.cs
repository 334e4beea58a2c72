namespace Aspire.Hosting.ApplicationModel;

internal static class ResourceName
{
    private const int MaxLength = 64;

    /// <summary>Returns <paramref name="name"/> if it can name a resource.</summary>
    /// <exception cref="ArgumentException">The name is empty, too long, or has a character that no host name may have.</exception>
    public static string Validated(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var reason = name switch
        {
            { Length: > MaxLength } => $"must be between 1 and {MaxLength} characters long",
            _ when !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') => "must contain only ASCII letters, digits, and hyphens",
            _ when !char.IsAsciiLetter(name[0]) => "must start with an ASCII letter",
            _ when name.EndsWith('-') => "cannot end with a hyphen",
            _ when name.Contains("--", StringComparison.Ordinal) => "cannot contain consecutive hyphens",
            _ => null,
        };
        return reason is null ? name : throw new ArgumentException($"Resource name '{name}' is invalid. Name {reason}.", nameof(name));
    }

    /// <summary>The name as a part of an environment variable's: <c>prosaas-api</c> is <c>PROSAAS_API</c>.</summary>
    public static string AsVariable(string name) =>
        string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(source[i]) ? char.ToUpperInvariant(source[i]) : '_';
            }
        });
}
