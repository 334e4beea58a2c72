using ProSaas.Api.Agents;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Agents;

internal static class Profiles
{
    /// <summary>A business whose instructions name the version that they were read at.</summary>
    public static BusinessProfile OfVersion(long version)
    {
        var profile = Bakery();
        profile.Business.Greeting = $"version {version}.";
        typeof(Business).GetProperty(nameof(Business.AgentVersion))!.SetValue(profile.Business, version);
        return profile;
    }

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
