using Microsoft.Extensions.Options;
using ProSaas.Api.Agents;

namespace ProSaas.Tests.Agents;

public sealed class ProfileCacheTests : IDisposable
{
    private const long Budget = 1_048_576;

    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly ProfileCache _cache;

    public ProfileCacheTests() => _cache = new(
        _services.GetRequiredService<IServiceScopeFactory>(),
        Options.Create(new AgentWarmupOptions { MemoryBudget = Budget }),
        TimeProvider.System);

    [Fact]
    public async Task Older_version_never_replaces_a_newer_one()
    {
        _cache.Add(Profiles.Bakery(version: 2), replace: false).ShouldBeTrue();
        _cache.Add(Profiles.Bakery(version: 1), replace: false).ShouldBeTrue();

        (await _cache.GetAsync(1, version: 2, TestContext.Current.CancellationToken)).ShouldNotBeNull().Version.ShouldBe(2);
    }

    [Fact]
    public void Warming_keeps_profiles_of_the_same_version_unless_they_are_to_be_replaced()
    {
        var first = Profiles.Bakery();
        _cache.Add(first, replace: false);

        _cache.Add(Profiles.Bakery(), replace: false).ShouldBeTrue();
        _cache.Peek(1).ShouldBeSameAs(first);
        _cache.Add(Profiles.Bakery(), replace: true).ShouldBeTrue();
        _cache.Peek(1).ShouldNotBeSameAs(first);
    }

    [Fact]
    public void Warming_pushes_nobody_out_and_says_so()
    {
        _cache.Add(Profiles.Bakery(1, promptBytes: 600_000), replace: false).ShouldBeTrue();

        _cache.Add(Profiles.Bakery(2, promptBytes: 600_000), replace: false).ShouldBeFalse();
        _cache.Add(Profiles.Bakery(3, promptBytes: 100_000), replace: false).ShouldBeTrue();
        _cache.Add(Profiles.Bakery(1, version: 2, promptBytes: 800_000), replace: false).ShouldBeTrue("the older version makes room");

        Enumerable.Range(1, 3).Where(id => _cache.Peek(id) is not null).ShouldBe([1, 3]);
    }

    [Fact]
    public void Business_is_forgotten()
    {
        _cache.Add(Profiles.Bakery(1), replace: false);
        _cache.Add(Profiles.Bakery(2), replace: false);

        _cache.Remove(business => business is 1);

        (_cache.Peek(1) is null, _cache.Peek(2) is null).ShouldBe((true, false));
    }

    public void Dispose()
    {
        _cache.Dispose();
        _services.Dispose();
    }
}
