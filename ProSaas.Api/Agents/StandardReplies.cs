using System.Collections.Frozen;
using System.Globalization;

namespace ProSaas.Api.Agents;

/// <summary>What the embedded answerer says of itself, in the customer's script.</summary>
internal static class StandardReplies
{
    private static readonly FrozenSet<string> Greetings = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "hi", "hello", "hey", "hiya", "there", "good", "morning", "afternoon", "evening", "day", "שלום", "היי", "הי", "אהלן", "בוקר", "ערב",
        "צהריים", "טוב", "טובים", "רב", "לכם");

    private static readonly FrozenSet<string> Thanks = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "thanks", "thank", "you", "thx", "ty", "cheers", "a", "lot", "so", "very", "much", "ok", "okay", "great", "bye", "תודה", "רבה",
        "לכם", "לך", "מעולה", "אוקיי", "יופי", "להתראות", "ביי");

    /// <summary>The reply to a greeting or to thanks and nothing else; null when the customer says more.</summary>
    public static string? ToSmallTalk(string text)
    {
        var words = Words(text);
        if (words.Length is 0 or > 5)
        {
            return null;
        }

        return Array.TrueForAll(words, Greetings.Contains) ? InLanguage(text, "שלום! במה אפשר לעזור?", "Hello! How can I help?")
            : Array.TrueForAll(words, Thanks.Contains) ? InLanguage(text, "בשמחה!", "You are welcome!")
            : null;
    }

    /// <param name="isHebrew">Whether to say it in Hebrew, else in English.</param>
    /// <param name="messageTaken">Whether the question was passed on to the owner.</param>
    public static string DoNotKnow(bool isHebrew, bool messageTaken) => (isHebrew, messageTaken) switch
    {
        (true, true) => "אין לי תשובה לשאלה הזאת. העברתי אותה לבעל העסק.",
        (true, false) => "אין לי תשובה לשאלה הזאת.",
        (false, true) => "I do not know the answer to that. I have passed your question on to the owner.",
        (false, false) => "I do not know the answer to that.",
    };

    /// <summary>Says that there are no more replies for a while.</summary>
    /// <inheritdoc cref="DoNotKnow"/>
    /// <param name="pause">When there are some again, at the latest; said in whole minutes.</param>
    public static string ComeAgain(bool isHebrew, TimeSpan pause)
    {
        var minutes = Math.Max(1, (int)Math.Ceiling(pause.TotalMinutes)).ToString(CultureInfo.InvariantCulture);
        return isHebrew
            ? $"קיבלנו הרבה הודעות בזמן קצר, ולכן נחזור לענות בעוד {minutes} דקות לכל היותר. מה שכתבתם נשמר; אפשר לכתוב שוב אז."
            : $"There were many messages in a short time, so I will answer again in {minutes} minutes at the latest. "
                + "What you wrote is kept; please write again then.";
    }

    /// <summary>Whether a text is in Hebrew letters; null when it has letters neither of Hebrew nor of English.</summary>
    public static bool? IsHebrew(string text) =>
        text.Any(letter => letter is >= 'א' and <= 'ת') ? true
            : text.Any(char.IsAsciiLetter) ? false
            : null;

    private static string InLanguage(string text, string hebrew, string english) => IsHebrew(text) is true ? hebrew : english;

    private static string[] Words(string text) =>
        string.Concat(text.Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
