using ProSaas.Api.Businesses;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Businesses;

public sealed class BusinessRequestTests
{
    private static readonly BusinessRequest Valid = new(
        Name: "מספרת דנה", BusinessType: "מספרה", Phone: "03-555-0001", WhatsappNumber: "+972 50 555 0001", Greeting: "שלום!",
        SystemPrompt: "Be brief.",
        WhatsappSystemPrompt: null, Language: null, TimeZone: null, Voice: null, OpeningHours: null, CallsEnabled: true,
        WhatsappEnabled: true);

    [Fact]
    public void Valid_request_fills_the_business_and_what_is_left_out_gets_its_default()
    {
        var (business, errors) = Apply(Valid);

        errors.ShouldBeEmpty();
        (business.Name, business.PhoneE164, business.WhatsappNumber).ShouldBe(("מספרת דנה", "+97235550001", "+972505550001"));
        (business.Language, business.TimeZone, business.SpeakingRate, business.VoiceName).ShouldBe(("he-IL", "Asia/Jerusalem", 1.0, null));
        business.OpeningHours.ShouldBe(OpeningHours.None);
    }

    [Fact]
    public void Answer_sent_back_changes_nothing()
    {
        var business = Apply(
            Valid with { Voice = new("he-IL-Wavenet-A", 1.25), OpeningHours = [new(DayOfWeek.Sunday, "09:00", "18:00")] }).Business;
        var seen = BusinessResponse.Of(business);

        var again = Apply(new BusinessRequest(
            seen.Name, seen.BusinessType, seen.Phone, seen.WhatsappNumber, seen.Greeting, seen.SystemPrompt, seen.WhatsappSystemPrompt,
            seen.Language,
            seen.TimeZone, seen.Voice, seen.OpeningHours, seen.CallsEnabled, seen.WhatsappEnabled));

        again.Errors.ShouldBeEmpty();
        again.Business.ShouldBeEquivalentTo(business);
    }

    public static TheoryData<string, Func<object, object>> Wrong => new()
    {
        { "name", request => (BusinessRequest)request with { Name = " " } },
        { "name", request => (BusinessRequest)request with { Name = new string('א', BusinessRequestValidator.MaxName + 1) } },
        { "businessType", request => (BusinessRequest)request with { BusinessType = null } },
        { "greeting", request => (BusinessRequest)request with { Greeting = new string('x', BusinessRequestValidator.MaxGreeting + 1) } },
        {
            "systemPrompt",
            request => (BusinessRequest)request with { SystemPrompt = new string('x', BusinessRequestValidator.MaxPrompt + 1) }
        },
        { "whatsappSystemPrompt", request => (BusinessRequest)request with { WhatsappSystemPrompt = "\0" } },
        { "language", request => (BusinessRequest)request with { Language = "klingon" } },
        { "timeZone", request => (BusinessRequest)request with { TimeZone = "Israel Standard Time" } },
        { "phone", request => (BusinessRequest)request with { Phone = "call us" } },
        { "whatsappNumber", request => (BusinessRequest)request with { WhatsappNumber = "123" } },
        { "phone", request => (BusinessRequest)request with { Language = "en" } },
        { "callsEnabled", request => (BusinessRequest)request with { Phone = null } },
        { "whatsappEnabled", request => (BusinessRequest)request with { WhatsappNumber = " " } },
        { "voice.name", request => (BusinessRequest)request with { Voice = new(new string('x', 101), null) } },
        { "voice.speakingRate", request => (BusinessRequest)request with { Voice = new(null, 0.24) } },
        { "voice.speakingRate", request => (BusinessRequest)request with { Voice = new(null, 4.01) } },
        { "id", request => (BusinessRequest)request with { Id = 7 } },
        { "isActive", request => (BusinessRequest)request with { IsActive = false } },
        { "openingHours[0]", request => (BusinessRequest)request with { OpeningHours = [new(null, "09:00", "10:00")] } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Field_that_is_wrong_is_named_and_no_other(string field, Func<object, object> change) =>
        Apply((BusinessRequest)change(Valid)).Errors.Keys.ShouldBe([field]);

    [Theory]
    [InlineData(0.25)]
    [InlineData(4.0)]
    public void Slowest_and_fastest_speech_are_allowed(double rate) =>
        Apply(Valid with { Voice = new(null, rate) }).Errors.ShouldBeEmpty();

    private static (Business Business, IDictionary<string, string[]> Errors) Apply(BusinessRequest request)
    {
        var business = new Business { Name = "", BusinessType = "", Greeting = "", SystemPrompt = "" };
        var errors = new BusinessRequestValidator().FindErrors(request, business);
        if (errors.Count == 0)
        {
            request.ApplyTo(business);
        }

        return (business, errors);
    }
}
