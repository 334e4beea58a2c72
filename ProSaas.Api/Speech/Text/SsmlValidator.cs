using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ProSaas.Api.Speech.Text;

/// <summary>Checks SSML before any provider sees it.</summary>
internal static class SsmlValidator
{
    private const string Namespace = "http://www.w3.org/2001/10/synthesis";

    /// <summary>Of one pause, and of all of a document: what a caller on the phone would take for the end.</summary>
    private const double MaxPause = 10;
    private const double MaxPauses = 60;

    /// <summary>Attributes that ask for time, in <c>break</c> and in Google's <c>media</c> and <c>audio</c>.</summary>
    private static readonly HashSet<string> Times = new(StringComparer.OrdinalIgnoreCase)
    {
        "time", "begin", "end", "dur", "repeatDur", "clipBegin", "clipEnd",
    };

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
                : !root.DescendantNodes().Any(IsSpoken) ? "It says nothing: there is no text in it."
                : ValidateTimes(root);
        }
        catch (XmlException problem)
        {
            // The parser's own words may repeat the text.
            return "It is not well-formed XML, or has a DTD, which is not allowed "
                + $"(line {problem.LineNumber}, column {problem.LinePosition}).";
        }
    }

    /// <summary>The pauses that the document asks for, together, in seconds. Of one that is valid.</summary>
    public static double Pauses(string ssml) => TimesOf(Parse(ssml)).Sum(time => Seconds(time.Value) ?? 0);

    /// <exception cref="XmlException">It is not well-formed, or has a DTD.</exception>
    public static XElement Parse(string ssml)
    {
        using var reader = XmlReader.Create(new StringReader(ssml), Settings);
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
    }

    private static bool IsSpoken(XNode node) =>
        node is XText text ? !string.IsNullOrWhiteSpace(text.Value) : node is XElement { Name.LocalName: "say-as" or "sub" or "audio" };

    private static string? ValidateTimes(XElement root)
    {
        if (root.DescendantsAndSelf().Attributes().Any(attribute => attribute.Name.LocalName is "repeatCount"))
        {
            return "repeatCount is not allowed: what is to be heard twice is written twice.";
        }

        var times = TimesOf(root).Select(time => Seconds(time.Value)).ToList();
        return times.Exists(time => !(time <= MaxPause))
                ? string.Create(CultureInfo.InvariantCulture, $"A pause is a number with s or ms, {MaxPause} s at most: 500ms, 1.5s.")
            : times.Sum() > MaxPauses
                ? string.Create(CultureInfo.InvariantCulture, $"Its pauses are {times.Sum()} s long; at most {MaxPauses} s are allowed.")
            : null;
    }

    private static IEnumerable<XAttribute> TimesOf(XElement root) => root.DescendantsAndSelf().Attributes()
        .Where(attribute => Times.Contains(attribute.Name.LocalName));

    /// <summary>A time designation of CSS; null when it is none.</summary>
    private static double? Seconds(string time)
    {
        var (number, unit) = time.Trim() switch
        {
            [.. var digits, 'm', 's'] => (digits, 0.001),
            [.. var digits, 's'] => (digits, 1.0),
            _ => ("", 0),
        };
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        return double.TryParse(number, Style, CultureInfo.InvariantCulture, out var value) && value >= 0 ? value * unit : null;
    }
}
