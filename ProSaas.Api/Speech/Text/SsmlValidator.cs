using System.Text;
using System.Xml;

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
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
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
            using var reader = CreateReader(ssml);
            reader.MoveToContent();
            if (reader.LocalName is not "speak" || reader.NamespaceURI is not ("" or Namespace))
            {
                return "Its root element is not <speak>.";
            }

            var saysSomething = false;
            while (reader.Read())
            {
                saysSomething |= reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA
                    || reader is { NodeType: XmlNodeType.Element, LocalName: "say-as" or "sub" or "audio" };
            }

            return saysSomething ? null : "It says nothing: there is no text in it.";
        }
        catch (XmlException problem)
        {
            // The parser's own words may repeat the text.
            return "It is not well-formed XML, or has a DTD, which is not allowed "
                + $"(line {problem.LineNumber}, column {problem.LinePosition}).";
        }
    }

    public static XmlReader CreateReader(string ssml) => XmlReader.Create(new StringReader(ssml), Settings);
}
