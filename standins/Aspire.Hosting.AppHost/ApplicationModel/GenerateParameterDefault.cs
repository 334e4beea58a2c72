using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A default drawn at random, from a cryptographic source.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerCharacters = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperCharacters = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string SpecialCharacters = "-_.{}~()*+!";

    /// <summary>The fewest characters, 1 or more.</summary>
    public int MinLength { get; set; }

    /// <summary>Whether lower case letters are used.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether upper case letters are used.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether digits are used.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether other characters are used.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue()
    {
        var characters = (Lower ? LowerCharacters : "") + (Upper ? UpperCharacters : "") + (Numeric ? Digits : "") + (Special ? SpecialCharacters : "");
        return characters.Length > 0 && MinLength > 0
            ? RandomNumberGenerator.GetString(characters, MinLength)
            : throw new InvalidOperationException("A generated default needs a length of 1 or more and at least one kind of character.");
    }
}
