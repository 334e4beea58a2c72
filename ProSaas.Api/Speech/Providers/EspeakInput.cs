using System.Xml.Linq;
using ProSaas.Api.Speech.Text;

namespace ProSaas.Api.Speech.Providers;

/// <summary>What espeak-ng may see of a text or of SSML.</summary>
internal static class EspeakInput
{
    private static readonly XName Language = XNamespace.Xml + "lang";

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["speak"] = [],
        ["p"] = [],
        ["s"] = [],
        ["lang"] = [],
        ["break"] = ["time", "strength"],
        ["prosody"] = ["rate", "pitch", "range", "volume"],
        ["emphasis"] = ["level"],
        ["say-as"] = ["interpret-as", "format", "detail"],
        ["sub"] = ["alias"],
    };

    /// <summary>Without the brackets that begin phonemes. Control characters, which begin commands, are refused with the request.</summary>
    public static string FromText(string text) => text.Replace("[[", "[ [", StringComparison.Ordinal);

    /// <summary>
    /// Of an element that is not allowed, the content alone, as SSML has it for an <c>audio</c> that cannot be played. espeak-ng must
    /// never see <c>audio</c>: it opens the named file, and has a shell convert it.
    /// </summary>
    public static string FromSsml(string ssml) => Filter(SsmlValidator.Parse(ssml)).Single().ToString(SaveOptions.DisableFormatting);

    private static IEnumerable<XNode> Filter(XNode node) => node switch
    {
        XText text => [new XText(FromText(text.Value))],
        XElement element when Allowed.TryGetValue(element.Name.LocalName, out var attributes) =>
            [new XElement(element.Name.LocalName, Filter(element, attributes), element.Nodes().SelectMany(Filter))],
        XElement element => element.Nodes().SelectMany(Filter),
        _ => [],
    };

    private static IEnumerable<XAttribute> Filter(XElement element, string[] allowed) => element.Attributes()
        .Where(attribute => attribute.Name == Language
            ? attribute.Value.All(character => char.IsAsciiLetterOrDigit(character) || character is '-')
            : allowed.Contains(attribute.Name.ToString(), StringComparer.Ordinal))
        .Select(attribute => new XAttribute(attribute.Name, FromText(attribute.Value)));
}
