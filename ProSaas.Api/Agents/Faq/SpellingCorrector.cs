namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// Finds the words of a vocabulary that are near to words that nobody knows. Counts its work, and stops when it has done enough.
/// </summary>
internal sealed class SpellingCorrector(MisspeltWord[] words)
{
    /// <summary>Words to read of vocabularies, and pairs of words to compare letter by letter, for one question.</summary>
    private const int MaxRead = 20_000;
    private const int MaxCompared = 2_000;

    private int _read;
    private int _compared;

    public int Work => _read + (10 * _compared);

    /// <param name="vocabulary">Words of folded letters, each with a blank before it.</param>
    /// <param name="withSounds">Whether a word of the other script that sounds the same is near, too.</param>
    public void Scan(string vocabulary, bool withSounds)
    {
        var isSounded = withSounds && words.Any(word => word.Sound is not 0);
        foreach (var range in vocabulary.AsSpan().Split(' '))
        {
            var known = vocabulary.AsSpan(range);
            if (known.IsEmpty)
            {
                continue;
            }

            if (_read++ >= MaxRead)
            {
                return;
            }

            CompareAll(known);
            if (isSounded && Phonetics.KeyOf(known) is not 0 and var sound)
            {
                CompareSounds(known, sound);
            }
        }
    }

    private void CompareAll(ReadOnlySpan<char> known)
    {
        var signature = MisspeltWord.SignatureOf(known);
        foreach (var word in words)
        {
            if (word.MayBeNear(known.Length, signature) && _compared < MaxCompared)
            {
                _compared++;
                word.Compare(known);
            }
        }
    }

    private void CompareSounds(ReadOnlySpan<char> known, ulong sound)
    {
        foreach (var word in words)
        {
            if (sound == word.Sound && LetterFolding.IsHebrew(known[0]) != LetterFolding.IsHebrew(word.Letters[0]))
            {
                word.KeepSound(known);
            }
        }
    }
}
