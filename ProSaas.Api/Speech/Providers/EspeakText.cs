namespace ProSaas.Api.Speech.Providers;

/// <summary>What espeak-ng would take for more than text.</summary>
internal static class EspeakText
{
    /// <summary>Without the brackets that begin phonemes. Control characters, which begin commands, are refused with the request.</summary>
    public static string Plain(string text) => text.Replace("[[", "[ [", StringComparison.Ordinal);
}
