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

    private static string Format(LogLevel level, string message, Exception? exception = null)
    {
        var formatter = new LineConsoleFormatter(new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero)));
        using var writer = new StringWriter();
        formatter.Write(
            new LogEntry<string>(level, "Some.Category", default, message, exception, (state, _) => state), scopeProvider: null, writer);
        return writer.ToString();
    }
}
