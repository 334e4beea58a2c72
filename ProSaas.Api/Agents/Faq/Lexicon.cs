using System.Globalization;
using System.Text;

namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// What is known of the words that customers of any business use: the files in <c>Data/</c>, each of which says its format.
/// </summary>
internal sealed class Lexicon
{
    /// <summary>Words that a phrase may take up in a text, with those in between.</summary>
    public const int MaxPhraseSpan = 8;

    private const int MaxPhrase = 4;

    /// <summary>Letters that are left of a word of Hebrew in Latin letters when its prefix is cut off.</summary>
    private const int MinLatinRest = 4;

    /// <summary>Letters that are left of a Hebrew verb without the one that says who will do it.</summary>
    private const int MinFutureRest = 3;

    /// <summary>The letters that Hebrew writes as one word with the next, in Latin letters.</summary>
    private static readonly string[] LatinPrefixes = ["ha", "ve", "be", "ba", "le", "la", "me", "she", "ke"];

    private static readonly Lazy<Lexicon> Loaded = new(() => new Lexicon());

    private readonly Dictionary<ulong, Sense> _words = [];
    private readonly Dictionary<ulong, Sense> _stems = [];
    private readonly Dictionary<ulong, Sense> _sounds = [];
    private readonly Dictionary<ulong, Sense> _phrases = [];
    private readonly HashSet<ulong> _phraseStarts = [];
    private readonly HashSet<ulong> _articles = [];
    private readonly Tokenizer _tokenizer = new();

    private Lexicon()
    {
        var vocabulary = new StringBuilder();
        ReadWords("articles.txt", word => _articles.Add(TermHash.Of(word)));
        ReadSynonyms(vocabulary);
        ReadWords("stop-words.txt", word => AddWord(word, Sense.StopWord, vocabulary));
        ReadWords("light-words.txt", word =>
        {
            AddWord(word, Sense.Light, vocabulary);
            _stems[StemOf(word)] = Sense.Light;
        });
        Vocabulary = vocabulary.ToString();
    }

    public static Lexicon Default => Loaded.Value;

    /// <summary>All words of one word, each with a blank before it.</summary>
    public string Vocabulary { get; }

    /// <summary>Whether a word may stand inside a phrase without changing it.</summary>
    public bool IsArticle(ReadOnlySpan<char> word) => _articles.Contains(TermHash.Of(word));

    /// <summary>What a word means in one of its forms; null when it is not known.</summary>
    /// <param name="word">Folded letters.</param>
    /// <param name="stem">What <see cref="StemOf"/> gives for it.</param>
    public Sense? Find(ReadOnlySpan<char> word, ulong stem)
    {
        for (var cut = 0; cut <= Stemmer.Prefixes(word); cut++)
        {
            if (_words.TryGetValue(TermHash.Of(word[cut..]), out var sense))
            {
                return sense;
            }
        }

        return _stems.GetValueOrDefault(stem) ?? (LetterFolding.IsHebrew(word[0]) ? FindFuture(word) : FindWithoutLatinPrefix(word));
    }

    /// <summary>Of Hebrew verbs in the future: "נבטל" is of the root of "לבטל".</summary>
    private Sense? FindFuture(ReadOnlySpan<char> word)
    {
        var sense = word.Length > MinFutureRest && word[0] is 'א' or 'נ' or 'ת' or 'י' ? _stems.GetValueOrDefault(StemOf(word[1..])) : null;
        return sense is { Concepts.Count: > 0 } ? sense : null;
    }

    /// <summary>Of Hebrew in Latin letters: "hamechir" is "mechir".</summary>
    private Sense? FindWithoutLatinPrefix(ReadOnlySpan<char> word)
    {
        foreach (var prefix in LatinPrefixes)
        {
            if (word.Length >= prefix.Length + MinLatinRest && word.StartsWith(prefix)
                && _words.TryGetValue(TermHash.Of(word[prefix.Length..]), out var sense))
            {
                return sense;
            }
        }

        return null;
    }

    /// <summary>What a word of this sound in the other script means; null when none is known.</summary>
    public Sense? FindSound(ulong sound) => _sounds.GetValueOrDefault(sound);

    /// <summary>The longest phrase among the words that starts at one of them; null when none does.</summary>
    /// <param name="stems">Of the words; 0 for one that may stand inside a phrase without changing it.</param>
    /// <param name="length">How many words it has with those in between.</param>
    public Sense? FindPhrase(ReadOnlySpan<ulong> stems, out int length)
    {
        (Sense? found, length) = (null, 0);
        if (!_phraseStarts.Contains(stems[0]))
        {
            return null;
        }

        var hash = stems[0];
        var words = 1;
        for (var i = 1; i < stems.Length && words < MaxPhrase; i++)
        {
            if (stems[i] is 0)
            {
                continue;
            }

            hash = TermHash.Combine(hash, stems[i]);
            words++;
            if (_phrases.TryGetValue(hash, out var phrase))
            {
                (found, length) = (phrase, i + 1);
            }
        }

        return found;
    }

    public static ulong StemOf(ReadOnlySpan<char> word)
    {
        Span<char> stem = stackalloc char[Tokenizer.MaxWordLength];
        return TermHash.Of(stem[..Stemmer.Stem(word, stem)]);
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var stream = typeof(Lexicon).Assembly.GetManifestResourceStream($"Faq/{file}")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] is not '#')
            {
                yield return line;
            }
        }
    }

    private void ReadWords(string file, Action<string> add)
    {
        foreach (var line in Lines(file))
        {
            _tokenizer.Read(line, int.MaxValue);
            foreach (var token in _tokenizer.Tokens)
            {
                add(_tokenizer.Letters(token).ToString());
            }
        }
    }

    private void AddWord(string word, Sense sense, StringBuilder vocabulary)
    {
        if (_words.TryAdd(TermHash.Of(word), sense))
        {
            vocabulary.Append(' ').Append(word);
        }
    }

    private void ReadSynonyms(StringBuilder vocabulary)
    {
        List<(Concept Concept, string Weaker)> groups = [];
        foreach (var line in Lines("synonyms.txt"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var sides = line[(colon + 1)..].Split('|');
            var head = line[..colon].Split(' ');
            var weight = float.Parse(head[^1], CultureInfo.InvariantCulture);
            var key = FaqIndex.KeyOf((ulong)groups.Count * 0x9E3779B97F4A7C15);
            var concept = new Concept(head.Length > 1 ? head[0].Trim('[', ']') : "", weight, key);
            foreach (var member in Split(sides[0]))
            {
                AddMember(member, concept, vocabulary);
            }

            groups.Add((concept, sides.Length > 1 ? sides[1] : ""));
        }

        foreach (var (concept, weaker) in groups)
        {
            concept.Weaker = [.. Split(weaker).SelectMany(KeysOf).Distinct()];
        }
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private void AddMember(string member, Concept concept, StringBuilder vocabulary)
    {
        _tokenizer.Read(member, MaxPhraseSpan);
        var words = _tokenizer.Tokens.Where(token => !IsArticle(_tokenizer.Letters(token))).ToList();
        if (words is [var only])
        {
            var word = _tokenizer.Letters(only);
            vocabulary.Append(' ').Append(word);
            Add(_words, TermHash.Of(word), concept);
            Add(_stems, StemOf(word), concept);
            if (Phonetics.KeyOf(word) is not 0 and var sound)
            {
                Add(_sounds, sound, concept);
            }

            return;
        }

        var hash = 0UL;
        foreach (var stem in words.Select(token => StemOf(_tokenizer.Letters(token))))
        {
            if (hash is 0)
            {
                _phraseStarts.Add(stem);
            }

            hash = hash is 0 ? stem : TermHash.Combine(hash, stem);
        }

        Add(_phrases, hash, concept);
    }

    private static void Add(Dictionary<ulong, Sense> senses, ulong key, Concept concept)
    {
        var known = senses.GetValueOrDefault(key)?.Concepts ?? [];
        if (!known.Contains(concept))
        {
            senses[key] = new Sense([.. known, concept]);
        }
    }

    private IEnumerable<uint> KeysOf(string words)
    {
        var analyzer = new Analyzer(this);
        analyzer.Analyze(words, MaxPhrase);
        return analyzer.Terms.SelectMany(term => Analyzer.KeysOf(term.Sense, term.Stem)).ToList();
    }
}
