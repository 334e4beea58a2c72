namespace ProSaas.Api.Agents.Faq;

/// <summary>Numbers for words: FNV-1a of their letters.</summary>
internal static class TermHash
{
    /// <summary>Of nothing.</summary>
    public const ulong Empty = 14695981039346656037;

    private const ulong Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<char> letters, ulong before = Empty)
    {
        foreach (var letter in letters)
        {
            before = (before ^ letter) * Prime;
        }

        return before;
    }

    public static ulong Combine(ulong before, ulong next) => (((before ^ (next >> 32)) * Prime) ^ (next & uint.MaxValue)) * Prime;
}
