namespace ProSaas.Api.Speech;

/// <summary>Decides who speaks an order, and with which voice.</summary>
internal static class SpeechPlanner
{
    /// <exception cref="SpeechFailedException">The provider's voices could not be asked for.</exception>
    /// <exception cref="UnknownVoiceException">It has no such voice, or none for the language.</exception>
    public static async Task<SpeechPlan> PlanAsync(SpeechSource source, SpeechOrder order, string? fallbackReason, CancellationToken cancellationToken)
    {
        var voices = await source.VoicesAsync(cancellationToken);
        if (Find(order.Voice) is { } asked)
        {
            return new(source, order, asked.Name, asked.Languages[0], fallbackReason);
        }

        // The local voice has other names than the ones that Google's failure left unheard.
        if (order.Voice is { } unknown && fallbackReason is null)
        {
            throw new UnknownVoiceException("voice", $"The provider {source.Name} has no such voice; GET /api/speech/voices lists them.", unknown);
        }

        if (Find(order.PreferredVoice) is { } preferred)
        {
            return new(source, order, preferred.Name, preferred.Languages[0], fallbackReason);
        }

        var (name, isSpoken) = await source.DefaultVoiceAsync(order.Language, cancellationToken);
        return isSpoken
            ? new(source, order, name, order.Language, fallbackReason)
            : throw new UnknownVoiceException("language", $"The provider {source.Name} has no voice for it; GET /api/speech/voices lists them.", order.Language);

        SpeechVoice? Find(string? voice) => voice is null ? null : voices.FirstOrDefault(known => known.Name.Equals(voice, StringComparison.OrdinalIgnoreCase));
    }
}
