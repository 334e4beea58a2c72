namespace ProSaas.Tests.Agents.Questions;

/// <summary>Businesses with a FAQ, and what their customers ask.</summary>
internal static class QuestionSet
{
    /// <summary>The questions that the ranker was tuned on.</summary>
    public const string Tuning = "tuning";

    /// <summary>Written before the ranker like the others, about other businesses, and kept apart while it was tuned.</summary>
    public const string HeldOut = "held-out";

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
internal sealed record AskedQuestion(string Text, string? Entry);
