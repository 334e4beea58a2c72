using ProSaas.Api.Agents;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Agents;

internal static class Profiles
{
    public static BusinessProfile Bakery(
        long id = 1, long version = 1, int promptBytes = 9, OpeningHours? hours = null, string timeZone = "Asia/Jerusalem") =>
        new BusinessProfile
        {
            Id = id,
            Version = version,
            Name = "Bakery",
            BusinessType = "bakery",
            Language = "en-US",
            TimeZone = timeZone,
            OpeningHours = hours ?? new OpeningHours([new OpeningPeriod(DayOfWeek.Sunday, new TimeOnly(7, 0), new TimeOnly(19, 0))]),
            Greeting = Utf8Text.Of("Good morning!"),
            SystemPrompt = Utf8Text.Of(promptBytes is 9 ? "Be brief." : new string('p', promptBytes)),
            WhatsappSystemPrompt = Utf8Text.Of("Use emoji. שלום"),
            FaqEntries = [new(1, "Do you deliver?", "Until noon.")],
            CallsEnabled = true,
            WhatsappEnabled = true,
        }.Prepare(TimeProvider.System);
}
