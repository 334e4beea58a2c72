namespace ProSaas.Api.Agents.Faq;

/// <summary>A word of a question that nobody knows, and the known words that are nearest to it.</summary>
internal sealed class MisspeltWord(string letters)
{
    private const int MaxNearest = 3;
    private const int LongWord = 8;
    private const int LongHebrewWord = 7;

    /// <summary>Of a word with fewer letters, another letter makes another word.</summary>
    private const int MinLength = 4;
    private const int MinHebrewLength = 5;

    private readonly uint _signature = SignatureOf(letters);
    private readonly bool _isHebrew = LetterFolding.IsHebrew(letters[0]);

    public string Letters => letters;

    /// <summary>How a word of the other script sounds; 0 when it is too short to tell.</summary>
    public ulong Sound { get; } = Phonetics.KeyOf(letters);

    /// <summary>The known words of the least distance found.</summary>
    public List<string> Nearest { get; } = [];

    /// <summary>Letters in which they differ; 0 for those of the same sound in the other script.</summary>
    public int Distance { get; private set; } = int.MaxValue;

    private int MaxDistance { get; } =
        letters.Length >= (LetterFolding.IsHebrew(letters[0]) ? LongHebrewWord : LongWord) ? 2 : letters.Length >= MinLength - 1 ? 1 : 0;

    /// <summary>A bit for each letter that a word has.</summary>
    public static uint SignatureOf(ReadOnlySpan<char> word)
    {
        var signature = 0U;
        foreach (var letter in word)
        {
            signature |= 1U << (letter & 31);
        }

        return signature;
    }

    /// <summary>Whether a word may be near, by what is quick to tell.</summary>
    public bool MayBeNear(int length, uint signature) =>
        Math.Abs(length - letters.Length) <= MaxDistance && uint.PopCount(signature ^ _signature) <= 2 * MaxDistance;

    /// <summary>Keeps the word if it is as near as the nearest so far.</summary>
    public void Compare(ReadOnlySpan<char> known)
    {
        if (LetterFolding.IsHebrew(known[0]) != _isHebrew)
        {
            return;
        }

        var distance = EditDistance.Between(letters, known, Math.Min(MaxDistance, Distance));
        if (distance <= Math.Min(MaxDistance, Distance) && IsLikely(known, distance))
        {
            Keep(known, distance);
        }
    }

    /// <summary>Keeps a word of the other script that sounds the same.</summary>
    public void KeepSound(ReadOnlySpan<char> known) => Keep(known, 0);

    private void Keep(ReadOnlySpan<char> known, int distance)
    {
        if (distance < Distance)
        {
            Distance = distance;
            Nearest.Clear();
        }

        if (Nearest.Count < MaxNearest)
        {
            Nearest.Add(known.ToString());
        }
    }

    /// <summary>Short words differ in one letter without being misspelt: "wine" and "mine", לנקות and לקנות.</summary>
    private bool IsLikely(ReadOnlySpan<char> known, int distance)
    {
        var isSwap = known.Length == letters.Length && SignatureOf(known) == _signature;
        if (!_isHebrew)
        {
            return letters[0] == known[0]
                && (letters.Length > MinLength || isSwap || (letters.Length is MinLength && known.Length > MinLength));
        }

        var soundsAlike = HebrewHomophones.Same(letters, known);
        return distance switch
        {
            1 => letters.Length >= MinHebrewLength || (letters.Length >= MinLength && (isSwap || soundsAlike)),
            _ => soundsAlike,
        };
    }
}
