using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// An inverted index of a business's FAQ, with its texts. Immutable. A posting is one number: a hash of the term, whether the
/// entry's question has it, and the entry's number.
/// </summary>
internal sealed class FaqIndex
{
    /// <summary>The most entries; the numbers of more have no room in a posting.</summary>
    public const int MaxEntries = 1 << EntryBits;

    /// <summary>Different terms of a question or an answer that are kept.</summary>
    private const int MaxTerms = 256;

    /// <summary>Words of all answers together that are looked at; each has its share, and no less than the least.</summary>
    private const int MaxAnswerWords = 40_000;
    private const int LeastAnswerWords = 100;
    private const int MaxQuestionWords = 250;

    /// <summary>Words that a misspelling is compared with.</summary>
    private const int MaxVocabulary = 10_000;

    private const int EntryBits = 9;
    private const int KeyShift = EntryBits + 1;
    private const uint EntryMask = MaxEntries - 1;
    private const uint InQuestion = MaxEntries;

    /// <summary>Bytes of "Q: " and "A: ".</summary>
    private const int Prefix = 3;

    /// <summary>An object's header, and an array's with its length.</summary>
    private const int ObjectBytes = 16;
    private const int ArrayBytes = 24;

    private readonly byte[] _texts;
    private readonly Entry[] _entries;
    private readonly uint[] _postings;
    private readonly uint[] _ownName;

    private FaqIndex(byte[] texts, Entry[] entries, uint[] postings, uint[] ownName, string vocabulary) =>
        (_texts, _entries, _postings, _ownName, Vocabulary) = (texts, entries, postings, ownName, vocabulary);

    public static FaqIndex Empty { get; } = new([], [], [], [], "");

    public int Count => _entries.Length;

    /// <summary>The words of the entries' questions that the lexicon does not know, each with a blank before it.</summary>
    internal string Vocabulary { get; }

    /// <summary>The entries in order, each as two lines, <c>Q: …</c> and <c>A: …</c>.</summary>
    public string Text => Encoding.UTF8.GetString(_texts);

    /// <summary>
    /// <see cref="Text"/>, or where that is too long the entries that have room: first those that have to do with the question, then the
    /// others in order.
    /// </summary>
    /// <param name="maxBytes">In UTF-8.</param>
    public string TextFor(string question, int maxBytes)
    {
        if (TextBytes <= maxBytes)
        {
            return Text;
        }

        var kept = new SortedSet<int>();
        foreach (var entry in Search(question).Candidates.Select(candidate => candidate.Entry)
            .Concat(Enumerable.Range(0, _entries.Length)).Distinct())
        {
            var bytes = _entries[entry].AnswerEnd - StartOf(entry) + 1;
            if (bytes <= maxBytes)
            {
                kept.Add(entry);
                maxBytes -= bytes;
            }
        }

        return string.Join(
            '\n', kept.Select(entry => Encoding.UTF8.GetString(_texts, StartOf(entry), _entries[entry].AnswerEnd - StartOf(entry))));
    }

    /// <summary>UTF-8 bytes of <see cref="Text"/>.</summary>
    public int TextBytes => _texts.Length;

    /// <summary>What it takes in memory, its texts included: the lengths of its arrays and string, with their headers.</summary>
    public long SizeInBytes => ObjectBytes + (5 * nint.Size) + (5 * ArrayBytes)
        + _texts.Length
        + (_entries.Length * (long)Unsafe.SizeOf<Entry>())
        + ((_postings.Length + _ownName.Length) * (long)sizeof(uint))
        + (Vocabulary.Length * (long)sizeof(char));

    /// <param name="entries">In order; of more than <see cref="MaxEntries"/>, the first are looked at.</param>
    /// <param name="about">The business's name and type: what they say is said of everything in it, so it counts less.</param>
    public static FaqIndex Create(IReadOnlyList<FaqEntryText> entries, string about) => new Builder(Lexicon.Default).Build(entries, about);

    /// <summary>The entry that answers the question; null when none does.</summary>
    /// <param name="question">Anything; of a long text, the first words are looked at.</param>
    public FaqMatch? Find(string question) => Search(question).Match;

    /// <inheritdoc cref="Find"/>
    public FaqSearchResult Search(string question)
    {
        if (FindVerbatim(question) is >= 0 and var verbatim)
        {
            return new FaqSearchResult(MatchOf(verbatim), [new FaqCandidate(verbatim, 1, 1)], [], Work: _entries.Length);
        }

        var analyzer = new Analyzer(Lexicon.Default);
        var reader = new QuestionReader(Lexicon.Default, analyzer, this);
        var terms = reader.Read(question);
        var ranker = new FaqRanker(this, terms, analyzer);
        var best = ranker.Rank();
        var match = ranker.Choose(best) is >= 0 and var chosen ? MatchOf(chosen) : null;
        return new FaqSearchResult(match, best, terms, reader.Work + ranker.Work);
    }

    /// <summary>The key of a term or concept in an index.</summary>
    internal static uint KeyOf(ulong hash) => (uint)(hash ^ (hash >> 32)) * 2_654_435_769 >> KeyShift;

    internal bool Contains(uint key) => !PostingsOf(key).IsEmpty;

    internal bool IsOwnName(uint key) => Array.IndexOf(_ownName, key) >= 0;

    /// <summary>Where a term is: <see cref="EntryOf"/> and <see cref="IsInQuestion"/> read them.</summary>
    internal ReadOnlySpan<uint> PostingsOf(uint key)
    {
        var start = LowerBound(key);
        var end = start;
        while (end < _postings.Length && _postings[end] >> KeyShift == key)
        {
            end++;
        }

        return _postings.AsSpan(start, end - start);
    }

    internal static int EntryOf(uint posting) => (int)(posting & EntryMask);

    internal static bool IsInQuestion(uint posting) => (posting & InQuestion) is not 0;

    internal string QuestionOf(int entry)
    {
        var start = StartOf(entry) + Prefix;
        return Encoding.UTF8.GetString(_texts, start, _entries[entry].QuestionEnd - start);
    }

    private int StartOf(int entry) => entry is 0 ? 0 : _entries[entry - 1].AnswerEnd + 1;

    internal bool NamesCurrency(int entry) => AnswerOf(entry).AsSpan().ContainsAny("₪$€£");

    private FaqMatch MatchOf(int entry) => new(_entries[entry].Id, AnswerOf(entry));

    private string AnswerOf(int entry)
    {
        var start = _entries[entry].QuestionEnd + 1 + Prefix;
        return Encoding.UTF8.GetString(_texts, start, _entries[entry].AnswerEnd - start);
    }

    /// <summary>
    /// The entry whose own question this is but for case, signs and blanks; of several, the one most like it. -1 for none.
    /// </summary>
    private int FindVerbatim(string question)
    {
        var hash = Fingerprint(question);
        var found = -1;
        var likeness = -1;
        for (var entry = 0; entry < _entries.Length; entry++)
        {
            if (_entries[entry].Fingerprint == hash)
            {
                var own = QuestionOf(entry).Trim();
                var like = string.Equals(own, question.Trim(), StringComparison.Ordinal) ? 2
                    : string.Equals(own, question.Trim(), StringComparison.OrdinalIgnoreCase) ? 1 : 0;
                (found, likeness) = like > likeness ? (entry, like) : (found, likeness);
            }
        }

        return found;
    }

    /// <summary>The same for texts that differ in case, punctuation and blanks alone; of a text of signs alone, its signs.</summary>
    private static ulong Fingerprint(string text)
    {
        var (words, signs) = (TermHash.Empty, TermHash.Empty);
        Span<char> letter = stackalloc char[2];
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, Tokenizer.MaxLength)).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) && !LetterFolding.IsIgnored(rune))
            {
                words = TermHash.Of(letter[..LetterFolding.Fold(rune).EncodeToUtf16(letter)], words);
            }
            else if (!Rune.IsPunctuation(rune) && !Rune.IsWhiteSpace(rune))
            {
                signs = TermHash.Of(letter[..rune.EncodeToUtf16(letter)], signs);
            }
        }

        return words is not TermHash.Empty ? words : signs is not TermHash.Empty ? signs : TermHash.Of(text.Trim());
    }

    private int LowerBound(uint key)
    {
        var (low, high) = (0, _postings.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _postings[middle] >> KeyShift < key ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <param name="QuestionEnd">Where its question ends among the texts, in bytes.</param>
    /// <param name="AnswerEnd">Where its answer ends.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(long Id, ulong Fingerprint, int QuestionEnd, int AnswerEnd);

    /// <summary>Gathers the postings of one index.</summary>
    private sealed class Builder(Lexicon lexicon)
    {
        private readonly Analyzer _analyzer = new(lexicon);
        private readonly List<uint> _postings = [];
        private readonly HashSet<uint> _seen = [];
        private readonly HashSet<string> _words = new(StringComparer.Ordinal);

        public FaqIndex Build(IReadOnlyList<FaqEntryText> texts, string about)
        {
            AddTerms(about, MaxQuestionWords, inQuestion: false);
            uint[] ownName = [.. _seen];
            _seen.Clear();

            var entries = new Entry[Math.Min(texts.Count, MaxEntries)];
            using var bytes = new MemoryStream();
            for (var i = 0; i < entries.Length; i++)
            {
                var (id, question, answer) = texts[i];
                var questionEnd = Write(bytes, (i is 0 ? "Q: " : "\nQ: ") + question);
                entries[i] = new Entry(id, Fingerprint(question), questionEnd, Write(bytes, "\nA: " + answer));
                _seen.Clear();
                AddPostings(question, MaxQuestionWords, i, inQuestion: true);
                AddPostings(answer, Math.Max(MaxAnswerWords / entries.Length, LeastAnswerWords), i, inQuestion: false);
            }

            _postings.Sort();
            return new FaqIndex(bytes.ToArray(), entries, [.. _postings], ownName, string.Concat(_words.Select(word => " " + word)));
        }

        private static int Write(MemoryStream bytes, string text)
        {
            bytes.Write(Encoding.UTF8.GetBytes(text));
            return (int)bytes.Length;
        }

        private void AddPostings(string text, int maxWords, int entry, bool inQuestion)
        {
            var before = _seen.Count;
            AddTerms(text, maxWords, inQuestion);
            foreach (var key in _seen.Skip(before))
            {
                _postings.Add((key << KeyShift) | (inQuestion ? InQuestion : 0) | (uint)entry);
            }
        }

        private void AddTerms(string text, int maxWords, bool inQuestion)
        {
            var max = _seen.Count + MaxTerms;
            _analyzer.Analyze(text, maxWords);
            foreach (var term in _analyzer.Terms)
            {
                if (_seen.Count >= max)
                {
                    return;
                }

                _seen.UnionWith(Analyzer.KeysOf(term.Sense, term.Stem));
                _seen.UnionWith(_analyzer.PartsOf(term));
                if (inQuestion && term.Sense is null && _words.Count < MaxVocabulary)
                {
                    _words.Add(_analyzer.Text.Letters(term.Word).ToString());
                }
            }
        }
    }
}
