namespace ProSaas.Data.Speech;

/// <summary>What a business had spoken on the last day that it had anything spoken: one row a business.</summary>
public sealed class SpeechUsage
{
    public required long BusinessId { get; init; }

    /// <summary>In the business's time zone.</summary>
    public required DateOnly Day { get; set; }

    /// <summary>In UTF-16 characters, as they were asked for.</summary>
    public required long Characters { get; set; }
}
