namespace ProSaas.Tests.Architecture;

public sealed partial class ContractMapTests
{
    [Fact]
    public void Every_test_that_the_contract_names_exists()
    {
        var tests = typeof(ContractMapTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var named = TestName().Matches(Repository.Read("docs/contract.md")).Select(match => match.Groups["name"].Value).ToList();

        named.Count.ShouldBeGreaterThan(50);
        named.Where(name => !tests.Contains(name)).ShouldBeEmpty();
    }

    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TestName();
}
