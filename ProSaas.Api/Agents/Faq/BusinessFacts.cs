using System.Collections.Frozen;
using System.Globalization;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Agents.Faq;

/// <summary>Answers from the business's record what is often asked and no entry says: its opening hours and its numbers.</summary>
internal static class BusinessFacts
{
    /// <summary>Names of concepts in <c>synonyms.txt</c>, as those that follow.</summary>
    private static readonly FrozenSet<string> Hours = FrozenSet.Create(
        StringComparer.Ordinal,
        "hours", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "weekend", "weekday");

    private static readonly FrozenSet<string> BesideHours = FrozenSet.Create(StringComparer.Ordinal, "when");
    private static readonly FrozenSet<string> Numbers = FrozenSet.Create(StringComparer.Ordinal, "phone", "whatsapp", "number");

    private static readonly string[] HebrewDays = ["ראשון", "שני", "שלישי", "רביעי", "חמישי", "שישי", "שבת"];

    /// <summary>
    /// The answer, when the question asks for the hours or the numbers and for nothing else, and the record has them; otherwise null.
    /// </summary>
    /// <param name="terms">Of the question.</param>
    /// <param name="isHebrew">Whether to say it in Hebrew, else in English.</param>
    public static string? Answer(BusinessProfile business, IReadOnlyList<QuestionTerm> terms, bool isHebrew) =>
        AsksFor(terms, Hours, BesideHours) ? DescribeHours(business.OpeningHours, isHebrew)
            : AsksFor(terms, Numbers, Numbers) ? DescribeNumbers(business, isHebrew)
            : null;

    private static bool AsksFor(IReadOnlyList<QuestionTerm> terms, FrozenSet<string> names, FrozenSet<string> beside)
    {
        bool Means(QuestionTerm term, FrozenSet<string> these) => term.Concepts.Any(concept => these.Contains(concept.Name));
        var asked = terms.Where(term => term.IsAsked && term.Weight > Sense.LightWeight).ToList();
        return asked.Exists(term => Means(term, names)) && asked.TrueForAll(term => Means(term, names) || Means(term, beside));
    }

    private static string? DescribeHours(OpeningHours hours, bool isHebrew)
    {
        if (hours.Periods.Count is 0)
        {
            return null;
        }

        List<(DayOfWeek First, DayOfWeek Last, string Times)> runs = [];
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            var periods = hours.Periods.Where(period => period.Day == day).OrderBy(period => period.Opens);
            var times = string.Join(", ", periods.Select(Describe));
            if (times.Length > 0 && runs is [.., var run] && run.Last == day - 1 && run.Times == times)
            {
                runs[^1] = run with { Last = day };
            }
            else if (times.Length > 0)
            {
                runs.Add((day, day, times));
            }
        }

        var lines = string.Join("; ", runs.Select(run => $"{Describe(run.First, run.Last, isHebrew)} {run.Times}"));
        return isHebrew ? $"שעות הפתיחה שלנו: {lines}." : $"We are open {lines}.";
    }

    private static string Describe(OpeningPeriod period) =>
        string.Create(CultureInfo.InvariantCulture, $"{period.Opens:HH:mm}–{period.Closes:HH:mm}");

    private static string Describe(DayOfWeek first, DayOfWeek last, bool isHebrew) => (isHebrew, first == last) switch
    {
        (true, true) => $"יום {HebrewDays[(int)first]}",
        (true, false) => $"ימים {HebrewDays[(int)first]} עד {HebrewDays[(int)last]}",
        (false, true) => $"{first}",
        (false, false) => $"{first} to {last}",
    };

    private static string? DescribeNumbers(BusinessProfile business, bool isHebrew) => (business.Phone, business.WhatsappNumber) switch
    {
        (null, null) => null,
        (var phone, null) => isHebrew ? $"מספר הטלפון שלנו: {phone}." : $"Our phone number is {phone}.",
        (null, var whatsapp) => isHebrew ? $"מספר הוואטסאפ שלנו: {whatsapp}." : $"Our WhatsApp number is {whatsapp}.",
        var (phone, whatsapp) => isHebrew
            ? $"מספר הטלפון שלנו: {phone}, ובוואטסאפ: {whatsapp}."
            : $"Our phone number is {phone}, and on WhatsApp {whatsapp}.",
    };
}
