using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ProSaas.Api.Agents.Providers;

/// <summary>
/// Has the embedded answerer take over when the provider fails, as long as nothing was sent: half of one answer and the whole
/// of another would be wrong. Once it took over it keeps the reply, so that a tool's result does not wait for the provider again.
/// </summary>
internal sealed class FallbackChatClient(IChatClient provider, IChatClient embedded, ILogger<FallbackChatClient> logger)
    : DelegatingChatClient(provider)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var draft = ReplyDraft.Of(options);
        if (draft.FallbackReason is null)
        {
            try
            {
                return await base.GetResponseAsync(messages, options, cancellationToken);
            }
            catch (ProviderFailedException failure)
            {
                TakeOver(draft, failure);
            }
        }

        return await embedded.GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var draft = ReplyDraft.Of(options);
        if (draft.FallbackReason is null)
        {
            // Held until there is text to send: what says nothing yet can still be taken back.
            List<ChatResponseUpdate> held = [];
            await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(updates, draft))
            {
                held.Add(updates.Current);
                draft.HasSentText |= updates.Current.Text.Length > 0;
                if (draft.HasSentText)
                {
                    foreach (var update in held)
                    {
                        yield return update;
                    }

                    held.Clear();
                }
            }

            if (draft.FallbackReason is null)
            {
                foreach (var update in held)
                {
                    yield return update;
                }

                yield break;
            }
        }

        await foreach (var update in embedded.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            yield return update;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            embedded.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, ReplyDraft draft)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (ProviderFailedException failure) when (!draft.HasSentText)
        {
            TakeOver(draft, failure);
            return false;
        }
    }

    private void TakeOver(ReplyDraft draft, ProviderFailedException failure)
    {
        draft.FallbackReason = failure.Reason;
        Log.FellBack(logger, failure.Reason);
    }
}
