using ProSaas.Api.Speech.Audio;

namespace ProSaas.Api.Speech;

/// <summary>Has orders spoken: from the cache, else by a provider, else, where it is allowed, by the local voice.</summary>
internal sealed class SpeechSynthesizer(SpeechSources sources, SpeechCache cache, SpeechQuota quota, SpeechTelemetry telemetry, ILogger<SpeechSynthesizer> logger)
{
    /// <summary>Audio that is ready to be sent, at least its beginning.</summary>
    /// <param name="isKnown">Whether the client has the audio of a plan already; then there is no reader.</param>
    /// <exception cref="SpeechFailedException">Nobody could speak it.</exception>
    /// <exception cref="SpeechQuotaSpentException">The business has spoken enough today.</exception>
    /// <exception cref="UnknownVoiceException">There is no such voice.</exception>
    public async Task<(SpeechPlan Plan, SpeechReader? Reader)> SpeakAsync(SpeechOrder order, Func<SpeechPlan, bool> isKnown, CancellationToken cancellationToken)
    {
        try
        {
            return await SpeakAsync(sources.Primary!, order, fallbackReason: null, isKnown, cancellationToken);
        }
        catch (SpeechFailedException failure) when (failure.Kind is not SpeechFailureKind.Refused && sources.Fallback is { } local && local.MissingFor(order.Format, order.Rate) is null)
        {
            Log.FellBack(logger, sources.Primary!.Name, failure.Reason);
            return await SpeakAsync(local, order, failure.Reason, isKnown, cancellationToken);
        }
    }

    private async Task<(SpeechPlan Plan, SpeechReader? Reader)> SpeakAsync(
        SpeechSource source, SpeechOrder order, string? fallbackReason, Func<SpeechPlan, bool> isKnown, CancellationToken cancellationToken)
    {
        var plan = await SpeechPlanner.PlanAsync(source, order, fallbackReason, cancellationToken);
        return isKnown(plan) ? (plan, null) : (plan, await OpenAsync(plan, cancellationToken));
    }

    private async Task<SpeechReader> OpenAsync(SpeechPlan plan, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reader = cache.Open(plan.Key, (audio, token) => MakeAsync(plan, audio, token));
            try
            {
                await reader.BeginAsync(cancellationToken);
                return reader;
            }
            catch (SpeechQuotaSpentException spent) when (spent.BusinessId != plan.Order.BusinessId)
            {
                // It was made for another business, whose day is spent; this one's is not.
                reader.Dispose();
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }
    }

    private async Task MakeAsync(SpeechPlan plan, AudioBuffer audio, CancellationToken cancellationToken)
    {
        var (order, characters) = (plan.Order, plan.Order.Content.Length);
        var day = await quota.ReserveAsync(order.BusinessId, characters, cancellationToken);
        try
        {
            var joiner = new AudioJoiner(audio, order.Format);
            foreach (var content in order.Pieces)
            {
                joiner.Add(await plan.Source.SynthesizeAsync(new SpeechPiece(content, order.IsSsml, plan.Voice, plan.Language, order.Rate, order.Format), cancellationToken));
            }

            joiner.End();
            telemetry.CountCharacters(plan, characters);
        }
        catch
        {
            // The client may be gone, and its token with it.
            await quota.GiveBackAsync(order.BusinessId, day, characters, CancellationToken.None);
            throw;
        }
    }
}
