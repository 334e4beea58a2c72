using Microsoft.AspNetCore.Http;
using ProSaas.Api.Http;

namespace ProSaas.Tests.Http;

public sealed class EntityTagTests
{
    [Theory]
    [InlineData("\"7\"", null)]
    [InlineData("\"6\", \"7\"", null)]
    [InlineData("W/\"7\"", null)]
    [InlineData("", 428)]
    [InlineData("\"6\"", 412)]
    [InlineData("7", 412)]
    [InlineData("W/\"6\"", 412)]
    [InlineData("*", 412)]
    public void Change_needs_the_tag_of_the_version_it_was_made_from(string header, int? status)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.IfMatch = header;

        EntityTag.Matches(request, 7, out var refusal).ShouldBe(status is null);

        refusal?.StatusCode.ShouldBe(status!.Value);
    }

    [Fact]
    public void Tag_is_strong_and_quoted()
    {
        var response = new DefaultHttpContext().Response;

        EntityTag.Write(response, 7);

        response.Headers.ETag.ToString().ShouldBe("\"7\"");
    }
}
