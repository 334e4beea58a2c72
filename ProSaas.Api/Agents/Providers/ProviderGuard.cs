using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ProSaas.Api.Agents.Providers;

/// <summary>
/// Turns every way in which a provider can misbehave into a <see cref="ProviderFailedException"/>,
/// silence and half answers included.
/// </summary>
internal sealed class ProviderGuard(IChatClient provider, TimeSpan attemptTimeout, TimeProvider time) : DelegatingChatClient(provider)
{
    /// <summary>For all attempts and the answer's body.</summary>
    private readonly TimeSpan _callTimeout = attemptTimeout * ProviderHttp.Attempts;

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(_callTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        ChatResponse response;
        try
        {
            response = await base.GetResponseAsync(messages, options, either.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw ProviderFailedException.Of(failure);
        }

        return response.Messages.Any(message => message.Contents.Any(SaysSomething))
            ? response
            : throw new ProviderFailedException(ProviderFailedException.Empty);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var limit = new CancellationTokenSource(_callTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await using var updates = base.GetStreamingResponseAsync(messages, options, either.Token).GetAsyncEnumerator(either.Token);
        var saysSomething = false;
        var isWhole = false;
        while (await MoveNextAsync(updates, cancellationToken))
        {
            // A slow reader is not a silent provider.
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            saysSomething |= updates.Current.Contents.Any(SaysSomething);
            isWhole |= updates.Current.FinishReason is not null;
            yield return updates.Current;
            limit.CancelAfter(attemptTimeout);
        }

        // Some servers end a stream in order when they break down in the middle of it.
        if (!isWhole || !saysSomething)
        {
            throw new ProviderFailedException(isWhole ? ProviderFailedException.Empty : ProviderFailedException.CutOff);
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw ProviderFailedException.Of(failure);
        }
    }

    private static bool SaysSomething(AIContent content) => content is FunctionCallContent or TextContent { Text.Length: > 0 };
}
