using ProSaas.Api.Businesses;

namespace ProSaas.Tests.Businesses;

public sealed class LocaleTests
{
    [Theory]
    [InlineData("Asia/Jerusalem", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("Etc/GMT+3", true)]
    [InlineData("UTC", true)]
    [InlineData("Israel Standard Time", false)]
    [InlineData("asia/jerusalem", false)]
    [InlineData("Asia/Nowhere", false)]
    [InlineData("Asia", false)]
    [InlineData("Asia/../Asia/Jerusalem", false)]
    [InlineData("posix/Asia/Jerusalem", false)]
    [InlineData("/etc/localtime", false)]
    [InlineData("+03:00", false)]
    public void Time_zone_is_one_of_the_iana_database(string name, bool expected) => Locale.IsTimeZone(name).ShouldBe(expected);

    [Theory]
    [InlineData("he-IL", "he-IL")]
    [InlineData("HE-il", "he-IL")]
    [InlineData("en", "en")]
    [InlineData("hebrew", null)]
    [InlineData("xx-XX", null)]
    public void Language_is_a_known_tag_in_its_proper_form(string tag, string? expected) => Locale.Language(tag).ShouldBe(expected);

    [Theory]
    [InlineData("he-IL", "IL")]
    [InlineData("zh-Hant-TW", "TW")]
    [InlineData("en", null)]
    [InlineData("es-419", null)]
    public void Region_is_the_tags_own(string tag, string? expected) => Locale.Region(tag).ShouldBe(expected);
}
