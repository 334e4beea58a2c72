using ProSaas.Api.Http;

namespace ProSaas.Tests.Http;

public sealed class PageRequestTests
{
    private static readonly long[] Keys = [.. Enumerable.Range(1, 26).Select(key => (long)key)];

    [Fact]
    public void Page_of_a_longer_list_names_the_key_it_ends_at()
    {
        var page = new PageRequest().ToPage(Keys, key => key, key => key);

        page.Items.ShouldBe(Keys[..25]);
        new PageRequest { Cursor = page.NextCursor }.After.ShouldBe(25);
    }

    [Fact]
    public void Last_page_has_no_cursor() =>
        new PageRequest().ToPage(Keys[..25], key => key, key => key).NextCursor.ShouldBeNull();

    [Theory]
    [InlineData(null, 25)]
    [InlineData("", 25)]
    [InlineData("1", 1)]
    [InlineData("100", 100)]
    public void Limit_is_read(string? limit, int expected)
    {
        var page = new PageRequest { Limit = limit };

        ErrorsOf(page).ShouldBeEmpty();
        (page.Rows, page.After).ShouldBe((expected + 1, null));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("ten")]
    [InlineData("99999999999999999999")]
    public void Limit_out_of_bounds_is_refused(string limit) =>
        ErrorsOf(new PageRequest { Limit = limit }).ShouldHaveSingleItem().Key.ShouldBe("limit");

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAA")]
    [InlineData("__________8")]
    [InlineData("AAAAAAAAABk=AAAA")]
    [InlineData("' OR 1=1 --")]
    [InlineData("אבגדהוזחטיכ")]
    public void Cursor_that_no_answer_had_is_refused(string cursor) =>
        ErrorsOf(new PageRequest { Cursor = cursor }).ShouldHaveSingleItem().Key.ShouldBe("cursor");

    private static IDictionary<string, string[]> ErrorsOf(PageRequest page) => new PageRequest.Validator<PageRequest>().FindErrors(page);
}
