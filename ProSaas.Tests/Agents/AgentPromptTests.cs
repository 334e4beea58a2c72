using ProSaas.Api.Agents;
using ProSaas.Data.Businesses;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

public sealed class AgentPromptTests
{
    [Fact]
    public void Prompt_is_composed_from_the_business_and_differs_by_channel()
    {
        var business = Profiles.Bakery();

        var calls = AgentPrompt.Compose(business, AgentChannel.Calls);
        foreach (var part in (string[])[
            "Bakery (bakery)",
            "en-US",
            "Good morning!",
            "Be brief.",
            "Open on Sunday from 07:00 to 19:00 (Asia/Jerusalem)",
            "Q: Do you deliver?\nA: Until noon."
        ])
        {
            calls.ShouldContain(part);
        }

        var whatsapp = AgentPrompt.Compose(business, AgentChannel.WhatsApp);
        whatsapp.ShouldContain("Use emoji. שלום");
        whatsapp.ShouldNotContain("Be brief.");
    }

    [Theory]
    [InlineData("2026-11-22T05:00:00Z", "It is Sunday 07:00 in Asia/Jerusalem. The business is open now.")]
    [InlineData("2026-11-22T04:59:00Z", "It is Sunday 06:59 in Asia/Jerusalem. The business is closed now.")]
    [InlineData("2026-11-22T17:00:00Z", "It is Sunday 19:00 in Asia/Jerusalem. The business is closed now.")]
    // In summer the same local time is an hour earlier.
    [InlineData("2026-06-21T04:00:00Z", "It is Sunday 07:00 in Asia/Jerusalem. The business is open now.")]
    // Clocks went back at 02:00 of 25 October: one o'clock comes twice.
    [InlineData("2026-10-24T22:30:00Z", "It is Sunday 01:30 in Asia/Jerusalem. The business is closed now.")]
    [InlineData("2026-10-24T23:30:00Z", "It is Sunday 01:30 in Asia/Jerusalem. The business is closed now.")]
    public void Opening_hours_are_told_in_the_business_time_zone(string now, string expected) =>
        AgentTools.DescribeHours(Profiles.Bakery(), DateTimeOffset.Parse(now, null)).ShouldBe(expected);

    [Fact]
    public void Opening_hours_that_nobody_can_tell_are_not_made_up()
    {
        var now = DateTimeOffset.Parse("2026-11-22T05:00:00Z", null);

        AgentTools.DescribeHours(Profiles.Bakery(timeZone: "Mars/Olympus"), now).ShouldContain("time zone is not known");
        AgentTools.DescribeHours(Profiles.Bakery(hours: OpeningHours.None), now).ShouldContain("has not said when it is open");
    }
}
