namespace ProSaas.Api.Speech.Providers;

/// <summary>Reads the table that <c>espeak-ng --voices</c> prints.</summary>
internal static class EspeakVoiceParser
{
    /// <summary>Voices made by MBROLA need a program of their own, and variants are not voices.</summary>
    private const string Mbrola = "mb/";
    private const string Variant = "variant";

    /// <summary>One voice a language, the preferred first.</summary>
    public static IReadOnlyList<SpeechVoice> Parse(string table) =>
        [.. table.Split('\n').Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length >= 5 && int.TryParse(columns[0], out _))
            .Where(columns => columns[1] is not Variant && !columns[4].StartsWith(Mbrola, StringComparison.Ordinal))
            .DistinctBy(columns => columns[1], StringComparer.OrdinalIgnoreCase)
            .OrderBy(columns => int.Parse(columns[0], System.Globalization.CultureInfo.InvariantCulture))
            .Select(columns => new SpeechVoice(columns[1], [columns[1]], Gender(columns[2])))];

    private static string? Gender(string column) => column[^1] switch
    {
        'M' => "male",
        'F' => "female",
        _ => null,
    };
}
