using ProSaas.Api.Accounts.Passwords;

namespace ProSaas.Tests.Accounts;

public sealed class PasswordPolicyTests
{
    private static readonly string[] Own = ["noa.levi@sunny-dental.co.il", "Noa Levi", "מרפאת שיניים חיוך"];

    [Theory]
    [InlineData("elevenchars")]
    [InlineData("")]
    public void Short_password_is_refused(string password) =>
        PasswordPolicy.FindFault(password).ShouldNotBeNull().ShouldContain("12 to 128");

    [Fact]
    public void Length_is_counted_in_characters_and_not_in_units_of_UTF16()
    {
        PasswordPolicy.FindFault(string.Concat(Enumerable.Repeat("🦉", 11))).ShouldNotBeNull().ShouldContain("this one has 11");
        PasswordPolicy.FindFault(string.Concat(Enumerable.Range(0, 128).Select(i => char.ConvertFromUtf32(0x1F400 + (i % 60)))))
            .ShouldBeNull();
        PasswordPolicy.FindFault(new string('x', 129)).ShouldNotBeNull().ShouldContain("this one has 129");
    }

    [Theory]
    [InlineData("kettle orbit mango nine")]
    [InlineData("lowercaseonlyandlong")]
    [InlineData("סיסמה ארוכה ומיוחדת")]
    [InlineData("                 x")]
    public void Any_characters_will_do(string password) => PasswordPolicy.FindFault(password, Own).ShouldBeNull();

    [Theory]
    [InlineData("qwerty123456")]
    [InlineData("QWERTY123456")]
    [InlineData("passwordpassword")]
    [InlineData("123456789012")]
    public void Common_password_is_refused_in_any_case(string password) =>
        PasswordPolicy.FindFault(password).ShouldNotBeNull().ShouldContain("tried first");

    [Fact]
    public void List_of_common_passwords_is_there_and_holds_only_those_long_enough_to_matter()
    {
        CommonPasswords.Count.ShouldBe(10_000);
        CommonPasswords.Contains("iloveyou").ShouldBeFalse();
    }

    [Theory]
    [InlineData("noa-levi-2026!")]
    [InlineData("SunnyDental12345")]
    [InlineData("NoaLeviNoaLevi")]
    [InlineData("מרפאת שיניים חיוך 1")]
    [InlineData("ProSaas-ProSaas")]
    public void Password_made_of_what_everybody_knows_of_its_owner_is_refused(string password) =>
        PasswordPolicy.FindFault(password, Own).ShouldNotBeNull().ShouldContain("Apart from your name");

    [Fact]
    public void Own_word_in_a_password_that_is_long_enough_without_it_is_fine() =>
        PasswordPolicy.FindFault("levi walks the dog at night", Own).ShouldBeNull();
}
