using System.Collections.Frozen;
using System.Globalization;

namespace ProSaas.Api.Businesses;

/// <summary>Where a business is and what it speaks: BCP 47 languages and IANA time zones.</summary>
internal static class Locale
{
    private static readonly FrozenDictionary<string, string> Languages = CultureInfo.GetCultures(CultureTypes.AllCultures)
        .Where(culture => culture.Name.Length > 0)
        .GroupBy(culture => culture.Name, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(group => group.Key, group => group.First().Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The tag as it is written properly, <c>he-IL</c> for <c>HE-il</c>; null when there is no such language.</summary>
    public static string? Language(string tag) => Languages.GetValueOrDefault(tag);

    /// <summary>The region of a language tag, <c>IL</c> of <c>he-IL</c>; null when it names none.</summary>
    public static string? Region(string languageTag) =>
        languageTag.Split('-').Skip(1).FirstOrDefault(part => part.Length == 2 && part.All(char.IsAsciiLetterUpper));

    /// <summary>
    /// Whether it is the name of a zone in the IANA database, as opposed to a Windows one, an abbreviation
    /// of a machine's own or a path.
    /// </summary>
    public static bool IsTimeZone(string name) =>
        char.IsAsciiLetterUpper(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '_' or '-' or '+')
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
        && zone.HasIanaId;
}
