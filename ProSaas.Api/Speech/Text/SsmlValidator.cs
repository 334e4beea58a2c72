using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ProSaas.Api.Speech.Text;

/// <summary>Checks SSML before any provider sees it.</summary>
internal static class SsmlValidator
{
    private const string Namespace = "http://www.w3.org/2001/10/synthesis";

    private static readonly XmlReaderSettings Settings = new()
    {
        // No entities of its own, and nothing fetched.
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
    };

    /// <summary>What is wrong with it; null when it is well-formed, its root is <c>speak</c> and it says something.</summary>
    public static string? Validate(string ssml)
    {
        if (Encoding.UTF8.GetByteCount(ssml) is > TextSegmenter.MaxBytes and var bytes)
        {
            return $"It has {bytes} bytes; SSML is not split, and at most {TextSegmenter.MaxBytes} are allowed.";
        }

        try
        {
            var root = Parse(ssml);
            return root.Name.LocalName is not "speak" || root.Name.NamespaceName is not ("" or Namespace)
                ? "Its root element is not <speak>."
                : root.DescendantNodes().Any(IsSpoken) ? null : "It says nothing: there is no text in it.";
        }
        catch (XmlException problem)
        {
            // The parser's own words may repeat the text.
            return "It is not well-formed XML, or has a DTD, which is not allowed "
                + $"(line {problem.LineNumber}, column {problem.LinePosition}).";
        }
    }

    /// <exception cref="XmlException">It is not well-formed, or has a DTD.</exception>
    public static XElement Parse(string ssml)
    {
        using var reader = XmlReader.Create(new StringReader(ssml), Settings);
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
    }

    private static bool IsSpoken(XNode node) =>
        node is XText text ? !string.IsNullOrWhiteSpace(text.Value) : node is XElement { Name.LocalName: "say-as" or "sub" or "audio" };
}
