using Microsoft.Extensions.Logging.Abstractions;
using ProSaas.ServiceDefaults.Logging;

namespace ProSaas.Tests.ServiceDefaults;

public sealed class LineConsoleFormatterTests
{
    [Theory]
    [InlineData(LogLevel.Information, "INFO")]
    [InlineData(LogLevel.Warning, "WARNING")]
    [InlineData(LogLevel.Error, "ERROR")]
    public void Level_is_written_as_scripts_expect_it(LogLevel level, string word) =>
        Format(level, "hello").ShouldBe($"2026-01-02T03:04:05.678Z {word} Some.Category: hello\n");

    [Fact]
    public void Message_and_exception_share_one_line()
    {
        var line = Format(LogLevel.Error, "first\r\nsecond\n\n  third", new InvalidOperationException("a\nb"));

        line.Count(letter => letter is '\n').ShouldBe(1);
        line.ShouldContain("first | second | third | System.InvalidOperationException: a | b");
    }

    [Fact]
    public void Emoji_and_Hebrew_survive() =>
        Format(LogLevel.Information, "🔥 שלום").ShouldEndWith("🔥 שלום\n");

    [Theory]
    [InlineData("\u001b[31mred\u0007", "\\u001b[31mred\\u0007")]
    [InlineData("a\0b\u007f\u0085\u009b", "a\\u0000b\\u007f\\u0085\\u009b")]
    [InlineData("a\u2028b\u202e\u2066", "a\\u2028b\\u202e\\u2066")]
    [InlineData("a\r\n2026-01-02T03:04:05.678Z ERROR Some.Category: forged", "a | 2026-01-02T03:04:05.678Z ERROR Some.Category: forged")]
    public void Value_cannot_forge_a_line_or_steer_a_terminal(string value, string written) =>
        Format(LogLevel.Information, value).ShouldBe($"2026-01-02T03:04:05.678Z INFO Some.Category: {written}\n");

    [Fact]
    public void Line_of_a_request_names_its_trace()
    {
        using var request = new Activity("Microsoft.AspNetCore.Hosting.HttpRequestIn").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var part = new Activity("part").Start();

        Format(LogLevel.Information, "hello").ShouldEndWith($"Category: hello [trace {request.TraceId}]\n");
    }

    [Fact]
    public void Line_of_a_start_ends_with_its_text()
    {
        using var phase = new Activity("phase").SetIdFormat(ActivityIdFormat.W3C).Start();

        Format(LogLevel.Information, "hello").ShouldEndWith("Category: hello\n");
    }

    private static string Format(LogLevel level, string message, Exception? exception = null)
    {
        var formatter = new LineConsoleFormatter(new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero)));
        using var writer = new StringWriter();
        formatter.Write(
            new LogEntry<string>(level, "Some.Category", default, message, exception, (state, _) => state), scopeProvider: null, writer);
        return writer.ToString();
    }
}
