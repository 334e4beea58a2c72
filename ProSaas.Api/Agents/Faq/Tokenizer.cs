using System.Buffers;
using System.Text;

namespace ProSaas.Api.Agents.Faq;

/// <summary>
/// Cuts texts into words of folded letters, in clauses. Reads one text after another into the same memory; not for two threads.
/// </summary>
internal sealed class Tokenizer
{
    /// <summary>Of a text, the characters looked at.</summary>
    public const int MaxLength = 4_000;

    /// <summary>Of a word, the letters looked at.</summary>
    public const int MaxWordLength = 40;

    private static readonly SearchValues<char> ClauseEnds = SearchValues.Create(".!?,;:\n؟");

    private char[] _letters = [];
    private readonly List<bool> _asks = [];
    private int _end;
    private int _wordStart;

    /// <summary>The words of the text read last.</summary>
    public List<Token> Tokens { get; } = [];

    public int Clauses => _asks.Count;

    public ReadOnlySpan<char> Letters(Token token) => _letters.AsSpan(token.Start, token.Length);

    /// <summary>Whether a clause ends with a question mark.</summary>
    public bool Asks(int clause) => _asks[clause];

    /// <param name="text">Anything, also what is not well-formed.</param>
    /// <param name="maxWords">How many words to look at.</param>
    public void Read(ReadOnlySpan<char> text, int maxWords)
    {
        Tokens.Clear();
        _asks.Clear();
        _asks.Add(false);
        (_end, _wordStart) = (0, 0);
        text = text[..Math.Min(text.Length, MaxLength)];
        if (_letters.Length < text.Length)
        {
            _letters = new char[text.Length];
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (LetterFolding.IsIgnored(rune))
            {
                continue;
            }

            if (Rune.IsLetterOrDigit(rune))
            {
                Append(LetterFolding.Fold(rune));
                continue;
            }

            CloseWord();
            CloseClause(rune);
            if (Tokens.Count >= maxWords)
            {
                return;
            }
        }

        CloseWord();
    }

    private void Append(Rune rune)
    {
        if (_end - _wordStart <= MaxWordLength - rune.Utf16SequenceLength)
        {
            _end += rune.EncodeToUtf16(_letters.AsSpan(_end));
        }
    }

    private void CloseWord()
    {
        if (_end > _wordStart)
        {
            Tokens.Add(new Token(_wordStart, _end - _wordStart, _asks.Count - 1));
            _wordStart = _end;
        }
    }

    private void CloseClause(Rune rune)
    {
        if (rune.IsBmp && ClauseEnds.Contains((char)rune.Value) && Tokens.Count > 0 && Tokens[^1].Clause == _asks.Count - 1)
        {
            _asks[^1] = rune.Value is '?' or '؟';
            _asks.Add(false);
        }
    }
}
