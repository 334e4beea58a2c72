using PhoneNumbers;

namespace ProSaas.Api.Businesses;

/// <summary>Telephone numbers as people write them, to the one form that is stored.</summary>
internal static class TelephoneNumber
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>The number in E.164 form, <c>+97235550001</c>; null when it is none, or none that can be called from abroad.</summary>
    /// <param name="region">ISO 3166 region whose national form is understood; null when only the international one is.</param>
    public static string? ToE164(string number, string? region)
    {
        try
        {
            var parsed = Numbers.Parse(number, region);
            return Numbers.IsValidNumber(parsed) && !parsed.HasExtension ? Numbers.Format(parsed, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
