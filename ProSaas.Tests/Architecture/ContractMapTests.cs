namespace ProSaas.Tests.Architecture;

public sealed partial class ContractMapTests
{
    [Theory]
    [InlineData("docs/contract.md")]
    [InlineData("docs/security.md")]
    public void Every_test_that_a_document_names_exists(string document)
    {
        var tests = typeof(ContractMapTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var named = TestName().Matches(Repository.Read(document)).Select(match => match.Groups["name"].Value).ToList();

        named.Count.ShouldBeGreaterThan(50);
        named.Where(name => !tests.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();
}
