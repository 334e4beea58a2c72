using Microsoft.AspNetCore.Http;
using ProSaas.Api.Http;

namespace ProSaas.Tests.Http;

public sealed class SharedSecretTests
{
    [Theory]
    [InlineData("secret", "secret", true)]
    [InlineData("secret", "Secret", false)]
    [InlineData("secret", "secre", false)]
    [InlineData("secret", "", false)]
    [InlineData("secret", null, false)]
    [InlineData("", "", false)]
    [InlineData(null, "", false)]
    [InlineData(null, null, false)]
    public void Only_the_secret_itself_is_right_and_none_where_there_is_none(string? secret, string? shown, bool isRight) =>
        new SharedSecret(secret).Is(shown).ShouldBe(isRight);

    [Theory]
    [InlineData("Bearer secret", true)]
    [InlineData("bearer secret", true)]
    [InlineData("Basic secret", false)]
    [InlineData("secret", false)]
    [InlineData("Bearer", false)]
    [InlineData("", false)]
    public void Bearer_token_is_read_from_the_header(string header, bool isRight)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = header;

        new SharedSecret("secret").IsBearerOf(request).ShouldBe(isRight);
    }
}
