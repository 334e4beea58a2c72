using ProSaas.Api.Businesses;

namespace ProSaas.Tests.Businesses;

public sealed class TelephoneNumberTests
{
    [Theory]
    [InlineData("+972 3 555 0001", null, "+97235550001")]
    [InlineData("+972-50-555-0001", "US", "+972505550001")]
    [InlineData("03-555-0001", "IL", "+97235550001")]
    [InlineData("050 5550001", "IL", "+972505550001")]
    [InlineData("(212) 555-0123", "US", "+12125550123")]
    [InlineData("\u200e+972 3 555 0001\u200e", "IL", "+97235550001")]
    public void Number_is_read_as_people_write_it(string written, string? region, string expected) =>
        TelephoneNumber.ToE164(written, region).ShouldBe(expected);

    [Theory]
    [InlineData("03-555-0001", null)]
    [InlineData("03-555-0001", "US")]
    [InlineData("100", "IL")]
    [InlineData("+972 3 555 0001 ext. 12", "IL")]
    [InlineData("+999 1234567", null)]
    [InlineData("מספר", "IL")]
    [InlineData("+", "IL")]
    public void Text_that_is_no_number_to_call_gives_none(string written, string? region) =>
        TelephoneNumber.ToE164(written, region).ShouldBeNull();
}
