using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ProSaas.Api.Agents.Providers;

namespace ProSaas.Api.Agents;

/// <summary>What an agent said.</summary>
/// <param name="Answerer">The provider, or <c>embedded</c>.</param>
/// <param name="FaqEntryId">The entry that the embedded answerer used; null for none.</param>
internal sealed record AgentAnswer(string Text, string Answerer, long? FaqEntryId, long? InputTokens, long? OutputTokens);

/// <summary>Has an agent answer a message, whole or in parts, under a span and a measurement of its own.</summary>
internal sealed class AgentRunner(ProviderSettings provider, AgentTelemetry telemetry, TimeProvider time)
{
    /// <summary>The whole answer.</summary>
    /// <param name="conversation">Its key, for telemetry; null for none.</param>
    /// <param name="messages">The conversation so far, oldest first, with the message to answer last.</param>
    /// <param name="draft">Gathers what tools do.</param>
    public async Task<AgentAnswer> RunAsync(BusinessAgent agent, long? conversation, IReadOnlyList<ChatMessage> messages, ReplyDraft draft, CancellationToken cancellationToken)
    {
        using var span = telemetry.StartReply(agent, conversation);
        var started = time.GetTimestamp();
        Exception? failure = null;
        try
        {
            var response = await agent.Agent.RunAsync(messages, session: null, Options(agent, draft), cancellationToken);
            return new AgentAnswer(response.Text, Answerer(draft), FaqEntry(response.AdditionalProperties), response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount);
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            telemetry.EndReply(span, agent, draft, Answerer(draft), time.GetElapsedTime(started), failure);
        }
    }

    /// <summary>The answer in parts, as they come; the whole is given to <paramref name="whole"/> at the end.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async IAsyncEnumerable<string> StreamAsync(
        BusinessAgent agent,
        long? conversation,
        IReadOnlyList<ChatMessage> messages,
        ReplyDraft draft,
        Action<AgentAnswer> whole,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var span = telemetry.StartReply(agent, conversation);
        var started = time.GetTimestamp();
        var said = new StringBuilder();
        UsageDetails usage = new();
        long? faqEntry = null;
        Exception? failure = null;
        await using var updates = agent.Agent.RunStreamingAsync(messages, session: null, Options(agent, draft), cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                AgentResponseUpdate update;
                try
                {
                    if (!await updates.MoveNextAsync())
                    {
                        break;
                    }

                    update = updates.Current;
                }
                catch (Exception exception)
                {
                    failure = exception;
                    throw;
                }

                faqEntry = FaqEntry(update.AdditionalProperties) ?? faqEntry;
                foreach (var used in update.Contents.OfType<UsageContent>())
                {
                    usage.Add(used.Details);
                }

                if (update.Text is { Length: > 0 } text)
                {
                    said.Append(text);
                    yield return text;

                    // A caller that reads on has a context of its own.
                    Activity.Current = span;
                }
            }

            whole(new AgentAnswer(said.ToString(), Answerer(draft), faqEntry, usage.InputTokenCount, usage.OutputTokenCount));
        }
        finally
        {
            telemetry.EndReply(span, agent, draft, Answerer(draft), time.GetElapsedTime(started), failure);
        }
    }

    private static ChatClientAgentRunOptions Options(BusinessAgent agent, ReplyDraft draft)
    {
        AdditionalPropertiesDictionary properties = [];
        draft.AttachTo(properties);
        return new ChatClientAgentRunOptions(new ChatOptions
        {
            Instructions = AgentPrompt.Compose(agent.Business, agent.Channel),
            Tools = [.. AgentTools.All],
            AdditionalProperties = properties,
        });
    }

    private static long? FaqEntry(AdditionalPropertiesDictionary? properties) => properties?.GetValueOrDefault(EmbeddedAnswerer.FaqEntryProperty) as long?;

    private string Answerer(ReplyDraft draft) => draft.FallbackReason is null ? provider.Name : ProviderSettings.Embedded;
}
