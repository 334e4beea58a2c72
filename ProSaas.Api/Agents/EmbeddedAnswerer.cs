using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;

namespace ProSaas.Api.Agents;

/// <summary>
/// The answerer that needs no key: picks the entry of the business's FAQ whose question shares most words with the customer's,
/// and says that it does not know when fewer than half of the customer's words are found.
/// </summary>
internal sealed class EmbeddedAnswerer : IChatClient
{
    /// <summary>Key of the FAQ among the chat options' additional properties.</summary>
    public const string FaqProperty = "prosaas.faq";

    private const double Threshold = 0.5;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var question = messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        var faq = options?.AdditionalProperties?.GetValueOrDefault(FaqProperty) as IReadOnlyList<FaqAnswer> ?? [];
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Answer(question, faq))));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static string Answer(string question, IReadOnlyList<FaqAnswer> faq)
    {
        var words = Words(question);
        var best = faq
            .Select(entry => (entry, score: Score(words, Words(entry.Question))))
            .OrderByDescending(candidate => candidate.score)
            .FirstOrDefault();
        return best.entry is { } entry && best.score >= Threshold ? entry.Answer : DoNotKnow(question);
    }

    private static double Score(HashSet<string> asked, HashSet<string> known)
        => asked.Count is 0 ? 0 : (double)asked.Count(known.Contains) / asked.Count;

    private static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                word.Append(rune);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    private static string DoNotKnow(string question)
        => question.Any(letter => letter is >= '\u0590' and <= '\u05FF')
            ? "אין לי תשובה לשאלה הזאת."
            : "I do not know the answer to that.";
}
