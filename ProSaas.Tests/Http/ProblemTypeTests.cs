using System.Reflection;
using Microsoft.AspNetCore.Http;
using ProSaas.Api.Http;

namespace ProSaas.Tests.Http;

public sealed partial class ProblemTypeTests(PostgresFixture postgres, ApiFixture fixture)
{
    private static readonly IReadOnlyList<ProblemType> Table =
        [.. typeof(ProblemTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (ProblemType)field.GetValue(null)!)];

    [Fact]
    public void Name_is_in_the_table_once()
    {
        Table.Select(type => type.Name).ShouldBeUnique();
        Table.Where(type => !KebabCase().IsMatch(type.Name)).ShouldBeEmpty();
        Table.Where(type => type.Status is < 400 or > 599).ShouldBeEmpty();
    }

    [Fact]
    public async Task Description_has_each_problem_at_its_one_status()
    {
        var statuses = Table.ToDictionary(type => type.Name, type => $"{type.Status}");
        using var client = (await fixture.GetAsync(postgres)).CreateClient();
        var paths = (await client.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");

        var described = (from path in paths.EnumerateObject()
                         from operation in path.Value.EnumerateObject()
                         from response in operation.Value.GetProperty("responses").EnumerateObject()
                         from Match name in Named().Matches(response.Value.GetProperty("description").GetString()!)
                         select (Where: $"{operation.Name} {path.Name}", Name: name.Groups["name"].Value, Status: response.Name)).ToList();

        described.Where(problem => statuses.GetValueOrDefault(problem.Name) != problem.Status).ShouldBeEmpty();
        described.Select(problem => problem.Name).ShouldContain("validation");
    }

    [Theory]
    [InlineData(0.0, "1")]
    [InlineData(1.2, "2")]
    [InlineData(15, "15")]
    public void Answer_for_later_says_when_in_whole_seconds(double seconds, string header)
    {
        var response = new DefaultHttpContext().Response;

        var problem = ProblemTypes.Starting.Because(response, TimeSpan.FromSeconds(seconds), "Try again shortly.");

        response.Headers.RetryAfter.ToString().ShouldBe(header);
        (problem.StatusCode, problem.ProblemDetails.Type).ShouldBe((503, "urn:prosaas:problem:starting"));
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KebabCase();
}
