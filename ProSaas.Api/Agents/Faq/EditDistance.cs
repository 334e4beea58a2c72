namespace ProSaas.Api.Agents.Faq;

/// <summary>Damerau-Levenshtein distance (optimal string alignment) of short words, up to a bound.</summary>
internal static class EditDistance
{
    /// <summary>
    /// Letters changed, left out, added or swapped with a neighbour; more than <paramref name="max"/> when there are more.
    /// </summary>
    public static int Between(ReadOnlySpan<char> first, ReadOnlySpan<char> second, int max)
    {
        if (Math.Abs(first.Length - second.Length) > max)
        {
            return max + 1;
        }

        Span<int> rows = stackalloc int[3 * (Tokenizer.MaxWordLength + 1)];
        var before = rows[..(second.Length + 1)];
        var above = rows.Slice(Tokenizer.MaxWordLength + 1, second.Length + 1);
        var current = rows.Slice(2 * (Tokenizer.MaxWordLength + 1), second.Length + 1);
        for (var column = 0; column <= second.Length; column++)
        {
            above[column] = column;
        }

        for (var row = 1; row <= first.Length; row++)
        {
            current[0] = row;
            var least = row;
            for (var column = 1; column <= second.Length; column++)
            {
                var change = above[column - 1] + (first[row - 1] == second[column - 1] ? 0 : 1);
                var distance = Math.Min(change, Math.Min(above[column], current[column - 1]) + 1);
                if (row > 1 && column > 1 && first[row - 1] == second[column - 2] && first[row - 2] == second[column - 1])
                {
                    distance = Math.Min(distance, before[column - 2] + 1);
                }

                current[column] = distance;
                least = Math.Min(least, distance);
            }

            if (least > max)
            {
                return max + 1;
            }

            var free = before;
            before = above;
            above = current;
            current = free;
        }

        return above[second.Length];
    }
}
