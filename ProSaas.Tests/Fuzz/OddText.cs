namespace ProSaas.Tests.Fuzz;

/// <summary>Texts that break programs, and ways to write them down.</summary>
internal static class OddText
{
    private static readonly string[] Pieces =
    [
        "", " ", "\0", "\ud83d", "\udc00", "x\ud83d", "\ud83d\ud83d",
        "👨‍👩‍👧‍👦", "e\u0301", "\u202e", "\ufeff", "\uffff", "İ", "ß", "שלום", "مرحبا",
        "\r\n", "\t", "\u0085", "\u2028", "%00", "%", "%zz", "../../etc/passwd", "..", "/", "\\", "'", "\"",
        "'; DROP TABLE messages; --",
        "{0}", "{{x}}", "$(id)", "<script>alert(1)</script>", "<speak><break time=\"9999999999s\"/></speak>",
        "&lol;", "null", "true", "NaN", "-1", "0", "1", "2147483648", "9223372036854775807", "9223372036854775808",
        "1e400", "0x10", "٣", "_", "%_%",
        "a@b", "+972545550001",
        "2026-02-30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "24:00", "*", "W/\"1\"", "\"1\"", "Bearer ", "\u001b[31m",
    ];

    private static readonly int[] Lengths = [2, 100, 101, 128, 129, 255, 1_000, 4_000, 4_001, 8_192, 65_537];

    public static string Next(Random random) => random.Next(8) switch
    {
        0 => new string((char)random.Next(1, 0x10000), Lengths[random.Next(Lengths.Length)]),
        1 => string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(2, 200))),
        2 => new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(0x10000))]),
        3 => Pieces[random.Next(Pieces.Length)] + Pieces[random.Next(Pieces.Length)],
        _ => Pieces[random.Next(Pieces.Length)],
    };

    /// <summary>The text in JSON, half surrogates included, which no writer of the framework writes.</summary>
    public static string AsJson(string text, Random random)
    {
        var json = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair && random.Next(2) == 0)
            {
                json.Append(text, i++, 2);
            }
            else if (text[i] is < ' ' or '"' or '\\' || char.IsSurrogate(text[i]) || random.Next(50) == 0)
            {
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                json.Append(text[i]);
            }
        }

        return json.Append('"').ToString();
    }

    /// <summary>The text as a part of a URL: escaped, half surrogates as their three bytes, or now and then as it is.</summary>
    public static string AsUrl(string text, Random random)
    {
        var url = new StringBuilder();
        foreach (var character in text.Take(2_000))
        {
            if (char.IsAsciiLetterOrDigit(character) || (character is > ' ' and < '\u007f' and not '#' && random.Next(3) == 0))
            {
                url.Append(character);
            }
            else if (character < '\u0080')
            {
                url.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
            }
            else
            {
                int[] bytes = character < '\u0800'
                    ? [0xC0 | (character >> 6), 0x80 | (character & 0x3F)]
                    : [0xE0 | (character >> 12), 0x80 | ((character >> 6) & 0x3F), 0x80 | (character & 0x3F)];
                url.AppendJoin("", bytes.Select(one => string.Create(CultureInfo.InvariantCulture, $"%{one:X2}")));
            }
        }

        return url.ToString();
    }

    /// <summary>The text as a header's value, in which a client cannot write line ends.</summary>
    public static string AsHeader(string text) =>
        new([.. text.Take(2_000).Where(character => !char.IsControl(character) && !char.IsSurrogate(character))]);
}
