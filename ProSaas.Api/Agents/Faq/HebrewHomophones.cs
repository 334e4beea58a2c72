namespace ProSaas.Api.Agents.Faq;

/// <summary>Hebrew letters that sound alike, which writers take for one another.</summary>
internal static class HebrewHomophones
{
    private const string Letters = "אבגדהוזחטיכלמנסעפצקרשת";
    private const string Sounds = "אבגדאבזכתיכלמנשאפצכרשת";

    /// <summary>Whether two words are of the same length and differ in letters that sound alike alone.</summary>
    public static bool Same(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        if (first.Length != second.Length)
        {
            return false;
        }

        for (var i = 0; i < first.Length; i++)
        {
            if (SoundOf(first[i]) != SoundOf(second[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static char SoundOf(char letter)
    {
        var at = Letters.IndexOf(letter, StringComparison.Ordinal);
        return at < 0 ? letter : Sounds[at];
    }
}
