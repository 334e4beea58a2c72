namespace ProSaas.Api.Agents.Faq;

/// <summary>Finds the words of a vocabulary that are near to words that nobody knows. Counts its work, and stops when it has done enough.</summary>
internal sealed class SpellingCorrector(IReadOnlyList<MisspeltWord> words)
{
    /// <summary>Words to read of vocabularies, and pairs of words to compare letter by letter, for one question.</summary>
    private const int MaxRead = 60_000;
    private const int MaxCompared = 4_000;

    private int _read;
    private int _compared;

    public int Work => _read + (10 * _compared);

    /// <param name="vocabulary">Words of folded letters, each with a blank before it.</param>
    /// <param name="withSounds">Whether a word of the other script that sounds the same is near, too.</param>
    public void Scan(string vocabulary, bool withSounds)
    {
        var at = 1;
        while (at < vocabulary.Length && _read < MaxRead && words.Count > 0)
        {
            var end = vocabulary.IndexOf(' ', at);
            end = end < 0 ? vocabulary.Length : end;
            _read++;
            CompareAll(vocabulary.AsSpan(at, end - at), withSounds);
            at = end + 1;
        }
    }

    private void CompareAll(ReadOnlySpan<char> known, bool withSounds)
    {
        var signature = MisspeltWord.SignatureOf(known);
        var sound = withSounds ? Phonetics.KeyOf(known) : 0;
        foreach (var word in words)
        {
            if (sound is not 0 && sound == word.Sound && LetterFolding.IsHebrew(known[0]) != LetterFolding.IsHebrew(word.Letters[0]))
            {
                word.KeepSound(known);
            }
            else if (word.MayBeNear(known.Length, signature) && _compared < MaxCompared)
            {
                _compared++;
                word.Compare(known);
            }
        }
    }
}
