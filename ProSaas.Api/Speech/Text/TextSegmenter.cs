using System.Globalization;
using System.Text;

namespace ProSaas.Api.Speech.Text;

/// <summary>Splits text into what a provider takes at once.</summary>
internal static class TextSegmenter
{
    /// <summary>In UTF-8, of text or SSML: the limit of Google's API (https://cloud.google.com/text-to-speech/quotas).</summary>
    public const int MaxBytes = 5_000;

    private const string SentenceEnds = ".!?…׃。！？";
    private const string Closers = "\"'”’»)]״׳";

    /// <summary>
    /// Segments that make up the text: cut after a sentence, else after a word, else between two characters as a reader sees them.
    /// </summary>
    /// <returns>Null when one such character alone is too large.</returns>
    public static IReadOnlyList<string>? Split(string text, int maxBytes = MaxBytes)
    {
        List<string> segments = [];
        var (start, bytes) = (0, 0);
        var (sentence, word) = (0, 0);
        for (int position = 0, length; position < text.Length; position += length)
        {
            length = StringInfo.GetNextTextElementLength(text, position);
            var size = Encoding.UTF8.GetByteCount(text.AsSpan(position, length));
            if (size > maxBytes)
            {
                return null;
            }

            while (bytes + size > maxBytes)
            {
                var cut = sentence > start ? sentence : word > start ? word : position;
                segments.Add(text[start..cut]);
                start = cut;
                bytes = Encoding.UTF8.GetByteCount(text.AsSpan(start, position - start));
            }

            bytes += size;
            if (char.IsWhiteSpace(text[position]))
            {
                word = position + length;
                sentence = text[position] is '\n' || EndsSentence(text.AsSpan(start, position - start)) ? word : sentence;
            }
        }

        segments.Add(text[start..]);
        return [.. segments.Where(segment => !string.IsNullOrWhiteSpace(segment))];
    }

    private static bool EndsSentence(ReadOnlySpan<char> text)
    {
        var trimmed = text.TrimEnd(Closers);
        return trimmed.Length > 0 && SentenceEnds.Contains(trimmed[^1], StringComparison.Ordinal);
    }
}
