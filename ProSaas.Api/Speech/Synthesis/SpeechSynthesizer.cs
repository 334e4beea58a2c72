using ProSaas.Api.Speech.Audio;
using ProSaas.Api.Speech.Cache;
using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Quota;

namespace ProSaas.Api.Speech.Synthesis;

/// <summary>Fulfils requests: from the cache, else by a provider, else, where it is allowed, by the local voice.</summary>
internal sealed class SpeechSynthesizer(
    SpeechProviders providers, SpeechCache cache, SpeechQuota quota, SpeechTelemetry telemetry, ILogger<SpeechSynthesizer> logger)
{
    /// <summary>Audio that is ready to be sent, at least its beginning.</summary>
    /// <param name="isKnown">Whether the client has the audio of a key already; then there is no reader.</param>
    /// <exception cref="SpeechFailedException">No provider could speak it.</exception>
    /// <exception cref="SpeechQuotaSpentException">The business has spoken enough today.</exception>
    /// <exception cref="UnknownVoiceException">There is no such voice.</exception>
    public async Task<(ProviderRequest Request, SpeechAudioReader? Audio)> SynthesizeAsync(
        SynthesisRequest request, Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(providers.Primary!, request, fallbackReason: null, isKnown, cancellationToken);
        }
        catch (SpeechFailedException failure)
            when (failure is { Kind: not SpeechFailureKind.Refused, Reason: not SpeechFailedException.NoSpace }
                && providers.Fallback is { } local && local.MissingFor(request.Format, request.Rate) is null)
        {
            Log.FellBack(logger, providers.Primary!.Name, failure.Reason);
            return await OpenAsync(local, request, failure.Reason, isKnown, cancellationToken);
        }
    }

    private async Task<(ProviderRequest Request, SpeechAudioReader? Audio)> OpenAsync(
        ResilientSpeechProvider provider,
        SynthesisRequest request,
        string? fallbackReason,
        Func<string, bool> isKnown,
        CancellationToken cancellationToken)
    {
        var (voice, language) = await SelectVoiceAsync(provider, request, isFallback: fallbackReason is not null, cancellationToken);
        var own = new ProviderRequest(provider, request, voice, language, fallbackReason);
        return (own, isKnown(own.Key) ? null : await OpenAsync(own, cancellationToken));
    }

    private static async Task<(string? Voice, string Language)> SelectVoiceAsync(
        ResilientSpeechProvider provider, SynthesisRequest request, bool isFallback, CancellationToken cancellationToken)
    {
        var voices = await provider.VoicesAsync(cancellationToken);

        // The local voice has other names than the provider that it stands in for.
        if (request.Voice is not null && !isFallback && Find(request.Voice) is null)
        {
            throw new UnknownVoiceException(
                "voice", $"The provider {provider.Name} has no such voice; GET /api/speech/voices lists them.");
        }

        if ((Find(request.Voice) ?? Find(request.PreferredVoice)) is { } named)
        {
            return (named.Name, named.Languages[0]);
        }

        var speaking = voices.Where(voice => voice.Speaks(request.Language)).ToList();
        return speaking.Count > 0
            ? (provider.DefaultVoice(speaking, request.Language)?.Name, request.Language)
            : throw new UnknownVoiceException(
                "language", $"The provider {provider.Name} has no voice for it; GET /api/speech/voices lists them.");

        SpeechVoice? Find(string? name) =>
            voices.FirstOrDefault(voice => voice.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<SpeechAudioReader> OpenAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reader = await cache.OpenAsync(
                request.Key,
                AudioJoiner.Parts(request.Request.Format, request.Request.Segments.Count),
                (audio, token) => SynthesizeAsync(request, audio, token),
                cancellationToken);
            try
            {
                await reader.BeginAsync(cancellationToken);
                return reader;
            }
            catch (SpeechQuotaSpentException spent) when (spent.BusinessId != request.Request.BusinessId)
            {
                // It was synthesized for another business, whose day is spent; this one's is not.
                await reader.DisposeAsync();
            }
            catch
            {
                await reader.DisposeAsync();
                throw;
            }
        }
    }

    private async Task SynthesizeAsync(ProviderRequest request, SpeechAudio audio, CancellationToken cancellationToken)
    {
        var businessId = request.Request.BusinessId;
        var day = await quota.ReserveAsync(businessId, request.Request.Cost, cancellationToken);
        var spoken = 0;
        try
        {
            var joiner = new AudioJoiner(audio, request.Request.Format);
            foreach (var (index, content) in request.Request.Segments.Index())
            {
                var made = await request.Provider.SynthesizeAsync(businessId, request.Segment(content), cancellationToken);
                spoken = index + 1 == request.Request.Segments.Count ? request.Request.Cost : spoken + content.Length;
                joiner.Add(made);
            }

            joiner.End();
        }
        catch
        {
            // What was made stays counted, whoever has left. The client may be gone, and its token with it.
            await quota.GiveBackAsync(businessId, day, request.Request.Cost - spoken, CancellationToken.None);
            throw;
        }
        finally
        {
            if (spoken > 0)
            {
                telemetry.CountCharacters(request, spoken);
            }
        }
    }
}
