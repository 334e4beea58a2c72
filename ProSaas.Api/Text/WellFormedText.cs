using System.Globalization;
using System.Text;

namespace ProSaas.Api.Text;

/// <summary>
/// Text from elsewhere, a customer or a model, as it can be stored, sent and shown: well-formed UTF-16, and without NUL, which PostgreSQL
/// does not keep.
/// </summary>
internal static class WellFormedText
{
    /// <summary>What stands for a half surrogate (The Unicode Standard, 3.9: a replacement for each ill-formed part).</summary>
    private const char Replacement = '\uFFFD';

    /// <summary>The text without NUL, and with its halves replaced.</summary>
    /// <inheritdoc cref="ReplaceHalves"/>
    public static string Of(string text) => ReplaceHalves(text.Replace("\0", "", StringComparison.Ordinal));

    /// <summary>The text with U+FFFD for each half of a surrogate pair that has not its other half beside it.</summary>
    public static string ReplaceHalves(string text) => HalfAt(text, 0) < 0 ? text : string.Create(text.Length, text, (characters, source) =>
    {
        source.CopyTo(characters);
        for (var index = HalfAt(characters, 0); index >= 0; index = HalfAt(characters, index + 1))
        {
            characters[index] = Replacement;
        }
    });

    /// <summary>
    /// The text up to a length, cut between characters as a reader sees them (grapheme clusters, Unicode Standard Annex 29). Empty when
    /// the first one alone is longer.
    /// </summary>
    /// <param name="maxLength">In UTF-16 characters; 0 or more.</param>
    public static string Cut(string text, int maxLength) =>
        text.Length <= maxLength ? text : Cut(text, maxLength, character => character.Length);

    /// <summary>As <see cref="Cut(string, int)"/>, up to a size.</summary>
    /// <param name="maxBytes">In bytes of UTF-8; 0 or more.</param>
    public static string CutToBytes(string text, int maxBytes) =>
        Encoding.UTF8.GetByteCount(text) <= maxBytes ? text : Cut(text, maxBytes, Encoding.UTF8.GetByteCount);

    private static string Cut(string text, int most, Func<ReadOnlySpan<char>, int> sizeOf)
    {
        var end = 0;
        for (var size = 0; ;)
        {
            var length = StringInfo.GetNextTextElementLength(text, end);
            size += sizeOf(text.AsSpan(end, length));
            if (size > most)
            {
                return text[..end];
            }

            end += length;
        }
    }

    /// <summary>Where the first half without its other half stands; less than 0 for nowhere.</summary>
    private static int HalfAt(ReadOnlySpan<char> text, int start)
    {
        while (start < text.Length)
        {
            var surrogate = text[start..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (surrogate < 0)
            {
                return -1;
            }

            start += surrogate;
            if (Rune.DecodeFromUtf16(text[start..], out _, out var length) is not System.Buffers.OperationStatus.Done)
            {
                return start;
            }

            start += length;
        }

        return -1;
    }
}
