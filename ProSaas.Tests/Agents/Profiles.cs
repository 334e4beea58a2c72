using ProSaas.Api.Agents;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Agents;

internal static class Profiles
{
    public static BusinessProfile Bakery(long id = 1, params FaqAnswer[] faq)
        => new(
            new Business
            {
                Id = id,
                Name = "Bakery",
                BusinessType = "bakery",
                Greeting = "Good morning!",
                SystemPrompt = "Be brief.",
                CallsEnabled = true,
                WhatsappEnabled = true,
            },
            faq);
}
