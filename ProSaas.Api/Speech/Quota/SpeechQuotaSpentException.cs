namespace ProSaas.Api.Speech.Quota;

/// <summary>The business has had spoken today what it may.</summary>
/// <param name="businessId">The business.</param>
/// <param name="retryAfter">Until its midnight.</param>
internal sealed class SpeechQuotaSpentException(long businessId, TimeSpan retryAfter) : Exception("The day's characters are spent.")
{
    public long BusinessId => businessId;

    public TimeSpan RetryAfter => retryAfter;
}
