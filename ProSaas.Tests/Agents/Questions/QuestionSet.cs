namespace ProSaas.Tests.Agents.Questions;

/// <summary>Businesses with a FAQ, and what their customers ask.</summary>
internal static class QuestionSet
{
    /// <summary>The questions that the ranker was tuned on.</summary>
    public const string Tuning = "tuning";

    /// <summary>Written before the ranker like the others, about other businesses, and kept apart while it was tuned.</summary>
    public const string HeldOut = "held-out";

    /// <summary>Of six everyday businesses in Israel; the data files and the ranker were tuned on them.</summary>
    public const string EverydayTuning = "everyday-tuning";

    /// <summary>Of seven more, written after the index was first measured; the data files were tuned on them, too.</summary>
    public const string EverydayMore = "everyday-more";

    /// <summary>Questions without an answer, each near to an entry that asks something else.</summary>
    public const string NearMisses = "near-misses";

    /// <summary>Of six others, written at the same time, before the index, and not looked into while it was tuned.</summary>
    public const string EverydayHeldOut = "everyday-held-out";

    public static IReadOnlyList<AskedBusiness> Read(string name)
    {
        using var stream = typeof(QuestionSet).Assembly.GetManifestResourceStream($"Questions/{name}.json").ShouldNotBeNull();
        return JsonSerializer.Deserialize<List<AskedBusiness>>(stream, JsonSerializerOptions.Web).ShouldNotBeNull();
    }
}

internal sealed record AskedBusiness(string Name, string Language, IReadOnlyList<AskedEntry> Faq, IReadOnlyList<AskedQuestion> Questions);

/// <param name="Key">Its name among the entries of its business.</param>
internal sealed record AskedEntry(string Key, string Question, string Answer);

/// <param name="Entry">The key of the entry that answers it; null when none does.</param>
/// <param name="Kind">How it is asked: direct, paraphrase, misspelling, mixed or none; left out in the older sets.</param>
internal sealed record AskedQuestion(string Text, string? Entry, string? Kind = null);
