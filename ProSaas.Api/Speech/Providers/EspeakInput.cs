using System.Collections.Frozen;
using System.Text;
using System.Xml;
using ProSaas.Api.Speech.Text;

namespace ProSaas.Api.Speech.Providers;

/// <summary>What espeak-ng may see of a text or of SSML.</summary>
internal static class EspeakInput
{
    private const string XmlNamespace = "http://www.w3.org/XML/1998/namespace";

    private static readonly FrozenDictionary<string, string[]> Allowed = new Dictionary<string, string[]>(StringComparer.Ordinal)
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
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Without the brackets that begin phonemes. Control characters, which begin commands, are refused with the request.</summary>
    public static string FromText(string text) => text.Replace("[[", "[ [", StringComparison.Ordinal);

    /// <summary>
    /// Of an element that is not allowed, the content alone, as SSML has it for an <c>audio</c> that cannot be played. espeak-ng must
    /// never see <c>audio</c>: it opens the named file, and has a shell convert it.
    /// </summary>
    public static string FromSsml(string ssml)
    {
        var result = new StringBuilder();
        using var reader = SsmlValidator.CreateReader(ssml);
        using (var writer = XmlWriter.Create(result, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            var dropped = new HashSet<int>();
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element when Allowed.TryGetValue(reader.LocalName, out var attributes):
                        WriteElement(reader, writer, attributes);
                        break;
                    case XmlNodeType.Element when !reader.IsEmptyElement:
                        dropped.Add(reader.Depth);
                        break;
                    case XmlNodeType.EndElement when !dropped.Remove(reader.Depth):
                        writer.WriteFullEndElement();
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                        writer.WriteString(FromText(reader.Value));
                        break;
                }
            }
        }

        return result.ToString();
    }

    private static void WriteElement(XmlReader reader, XmlWriter writer, string[] attributes)
    {
        writer.WriteStartElement(reader.LocalName);
        foreach (var name in attributes)
        {
            if (reader.GetAttribute(name) is { } value)
            {
                writer.WriteAttributeString(name, FromText(value));
            }
        }

        if (reader.GetAttribute("lang", XmlNamespace) is { } language
            && language.All(character => char.IsAsciiLetterOrDigit(character) || character is '-'))
        {
            writer.WriteAttributeString("xml", "lang", XmlNamespace, language);
        }

        if (reader.IsEmptyElement)
        {
            writer.WriteEndElement();
        }
    }
}
