namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// What a word sounds like whether Hebrew or Latin letters write it: its consonants, those that are easily mistaken as one.
/// </summary>
internal static class Phonetics
{
    private const int MinConsonants = 3;

    private const string Hebrew = "אבגדהוזחטיכלמנסעפצקרשת";
    private const string HebrewSounds = "\0bgd\0\0zkt\0klmns\0pskrst";
    private const string Latin = "abcdefghijklmnopqrstuvwxyz";
    private const string LatinSounds = "\0bkd\0pg\0\0gklmn\0pkrst\0b\0\0\0z";

    /// <summary>0 when there are too few consonants to tell, or letters of another script.</summary>
    public static ulong KeyOf(ReadOnlySpan<char> word)
    {
        var hash = TermHash.Empty;
        var consonants = 0;
        var last = '\0';
        for (var i = 0; i < word.Length; i++)
        {
            var sound = SoundAt(word, ref i);
            if (sound is '?')
            {
                return 0;
            }

            if (sound is not '\0' && sound != last)
            {
                hash = TermHash.Of([sound], hash);
                consonants++;
            }

            last = sound;
        }

        return consonants >= MinConsonants ? hash : 0;
    }

    private static char SoundAt(ReadOnlySpan<char> word, ref int at)
    {
        var letter = word[at];
        if (LetterFolding.IsHebrew(letter))
        {
            return HebrewSounds[Hebrew.IndexOf(letter, StringComparison.Ordinal)];
        }

        if (!LetterFolding.IsLatin(letter))
        {
            return '?';
        }

        var pair = at + 1 < word.Length ? word[at + 1] : '\0';
        switch (letter, pair)
        {
            case ('s' or 't' or 'p', 'h') or ('t', 's' or 'z'):
                at++;
                return letter is 's' || pair is 's' or 'z' ? 's' : letter is 'p' ? 'p' : 't';
            case ('c' or 'k', 'h') or ('c', 'k'):
                at++;
                return 'k';
            default:
                return LatinSounds[Latin.IndexOf(letter, StringComparison.Ordinal)];
        }
    }
}
