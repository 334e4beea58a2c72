using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using ProSaas.Api.Agents.Providers;
using ProSaas.Data;

namespace ProSaas.Api.Agents;

/// <summary>
/// Has a business's agent answer, whole or in parts, under a span and a measurement of its own. The agent is made for each reply,
/// over the chat pipeline that all of them share.
/// </summary>
internal sealed class AgentRunner(
    IChatClient pipeline, ProviderSettings provider, IOptions<AgentOptions> options, AgentTelemetry telemetry, TimeProvider time)
{
    /// <summary>Fills the draft with the whole reply.</summary>
    /// <param name="messages">The conversation so far, oldest first, with the message to answer last.</param>
    public async Task RunAsync(ReplyDraft draft, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        using var span = telemetry.StartReply(draft);
        var started = time.GetTimestamp();
        Exception? failure = null;
        try
        {
            var (fitting, run) = Prepare(draft, messages);
            var response = await NewAgent(draft).RunAsync(fitting, session: null, run, cancellationToken);
            (draft.Text, draft.Usage, draft.FaqEntryId) = (response.Text, response.Usage, FaqEntry(response.AdditionalProperties));
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            End(span, draft, started, failure);
        }
    }

    /// <summary>The reply in parts, as they come; the whole is in the draft at the end.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async IAsyncEnumerable<string> StreamAsync(
        ReplyDraft draft, IReadOnlyList<ChatMessage> messages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var span = telemetry.StartReply(draft);
        var started = time.GetTimestamp();
        var text = new StringBuilder();
        UsageDetails usage = new();
        Exception? failure = null;
        var (fitting, run) = Prepare(draft, messages);
        await using var updates = NewAgent(draft)
            .RunStreamingAsync(fitting, session: null, run, cancellationToken).GetAsyncEnumerator(cancellationToken);
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

                draft.FaqEntryId = FaqEntry(update.AdditionalProperties) ?? draft.FaqEntryId;
                foreach (var used in update.Contents.OfType<UsageContent>())
                {
                    usage.Add(used.Details);
                }

                if (update.Text is { Length: > 0 } part)
                {
                    text.Append(part);
                    yield return part;

                    // A caller that reads on has a context of its own.
                    Activity.Current = span;
                }
            }

            (draft.Text, draft.Usage) = (text.ToString(), usage);
        }
        finally
        {
            End(span, draft, started, failure);
        }
    }

    private ChatClientAgent NewAgent(ReplyDraft draft) => new(
        pipeline,
        new ChatClientAgentOptions
        {
            Id = AgentTelemetry.AgentId(draft.Business.Id, draft.Channel),
            Name = EnumNames.Of(draft.Channel),
            UseProvidedChatClientAsIs = true,
        });

    /// <summary>The messages that have room beside the instructions, and how the model is to be called.</summary>
    private (IReadOnlyList<ChatMessage> Messages, ChatClientAgentRunOptions Options) Prepare(
        ReplyDraft draft, IReadOnlyList<ChatMessage> messages)
    {
        var limits = options.Value;
        var instructions = AgentPrompt.Compose(
            draft.Business, draft.Channel, messages[^1].Text, PromptSize.OfInstructions(limits.MaxPromptTokens));
        AdditionalPropertiesDictionary properties = [];
        draft.AttachTo(properties);
        var run = new ChatClientAgentRunOptions(new ChatOptions
        {
            Instructions = instructions,
            MaxOutputTokens = limits.MaxOutputTokens,
            Tools = [.. AgentTools.All],
            AdditionalProperties = properties,
        });
        return (PromptSize.Fit(messages, instructions, limits.MaxPromptTokens), run);
    }

    private void End(Activity? span, ReplyDraft draft, long started, Exception? failure)
    {
        draft.Answerer = draft.FallbackReason is null ? provider.Name : ProviderSettings.Embedded;
        telemetry.EndReply(span, draft, time.GetElapsedTime(started), failure);
    }

    private static long? FaqEntry(AdditionalPropertiesDictionary? properties) =>
        properties?.GetValueOrDefault(EmbeddedAnswerer.FaqEntryProperty) as long?;
}
