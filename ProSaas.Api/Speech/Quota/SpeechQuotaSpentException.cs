namespace ProSaas.Api.Speech.Quota;

/// <summary>The business has had as much spoken today as it may.</summary>
/// <param name="businessId">The business.</param>
/// <param name="dailyCharacters">What it may have spoken in a day.</param>
/// <param name="retryAfter">Until its midnight.</param>
internal sealed class SpeechQuotaSpentException(long businessId, int dailyCharacters, TimeSpan retryAfter) : Exception(
    $"A business may have {dailyCharacters} characters spoken a day, and this is more than today has left. "
    + "Come again after midnight, or send less.")
{
    public long BusinessId => businessId;

    public TimeSpan RetryAfter => retryAfter;
}
