using ProSaas.Api.Requests;

namespace ProSaas.Tests.Http;

public sealed class PageRequestTests
{
    private static readonly long[] Keys = [.. Enumerable.Range(1, 26).Select(key => (long)key)];

    [Fact]
    public void Page_of_a_longer_list_names_the_key_it_ends_at()
    {
        var page = PageRequest.ToPage(Keys, limit: 25, key => key, key => key);

        page.Items.ShouldBe(Keys[..25]);
        new PageRequest { Cursor = page.NextCursor }.TryRead(out var after, out _, out _).ShouldBeTrue();
        after.ShouldBe(25);
    }

    [Fact]
    public void Last_page_has_no_cursor() =>
        PageRequest.ToPage(Keys[..25], limit: 25, key => key, key => key).NextCursor.ShouldBeNull();

    [Theory]
    [InlineData(null, 25)]
    [InlineData("", 25)]
    [InlineData("1", 1)]
    [InlineData("100", 100)]
    public void Limit_is_read(string? limit, int expected)
    {
        new PageRequest { Limit = limit }.TryRead(out var after, out var read, out _).ShouldBeTrue();

        read.ShouldBe(expected);
        after.ShouldBeNull();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("ten")]
    [InlineData("99999999999999999999")]
    public void Limit_out_of_bounds_is_refused(string limit)
    {
        new PageRequest { Limit = limit }.TryRead(out _, out _, out var refusal).ShouldBeFalse();

        refusal!.ProblemDetails.Type.ShouldBe("urn:prosaas:problem:invalid-limit");
        refusal.StatusCode.ShouldBe(400);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAA")]
    [InlineData("__________8")]
    [InlineData("AAAAAAAAABk=AAAA")]
    [InlineData("' OR 1=1 --")]
    [InlineData("אבגדהוזחטיכ")]
    public void Cursor_that_no_answer_had_is_refused(string cursor)
    {
        new PageRequest { Cursor = cursor }.TryRead(out _, out _, out var refusal).ShouldBeFalse();

        refusal!.ProblemDetails.Type.ShouldBe("urn:prosaas:problem:invalid-cursor");
        refusal.StatusCode.ShouldBe(400);
    }
}
