using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ProSaas.Data;

namespace ProSaas.Tests.Data;

public sealed class DatabaseComponentTests(PostgresFixture postgres)
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    [Fact]
    public void Settings_of_the_context_win_over_those_of_the_connection_and_of_the_section()
    {
        NpgsqlEntityFrameworkCorePostgreSQLSettings? seen = null;

        Add(
            new()
            {
                [$"{Section}:CommandTimeout"] = "1",
                [$"{Section}:DisableRetry"] = "true",
                [$"{Section}:DisableTracing"] = "true",
                [$"{Section}:prosaasdb:CommandTimeout"] = "2",
                [$"{Section}:prosaasdb:DisableMetrics"] = "true",
                [$"{Section}:ProSaasDbContext:CommandTimeout"] = "3",
            },
            settings => seen = settings);

        seen.ShouldNotBeNull();
        (seen.CommandTimeout, seen.DisableRetry, seen.DisableTracing, seen.DisableMetrics, seen.DisableHealthChecks).ShouldBe((3, true, true, true, false));
    }

    [Theory]
    [InlineData("from-names", "from-section", null, "from-names")]
    [InlineData(null, "from-section", null, "from-section")]
    [InlineData("from-names", "from-section", "from-code", "from-code")]
    public void Connection_string_of_the_delegate_wins_over_the_named_one_and_that_over_the_section(string? named, string? section, string? code, string expected)
    {
        using var provider = Add(
            new() { ["ConnectionStrings:prosaasdb"] = Host(named), [$"{Section}:ConnectionString"] = Host(section) },
            settings => settings.ConnectionString = Host(code) ?? settings.ConnectionString);
        using var scope = provider.CreateScope();

        scope.ServiceProvider.GetRequiredService<ProSaasDbContext>().Database.GetConnectionString().ShouldBe($"Host={expected}");

        static string? Host(string? name) => name is null ? null : $"Host={name}";
    }

    [Fact]
    public void Missing_connection_string_is_told_when_a_context_is_made()
    {
        using var provider = Add([]);
        using var scope = provider.CreateScope();

        Should.Throw<InvalidOperationException>(scope.ServiceProvider.GetRequiredService<ProSaasDbContext>).Message.ShouldContain("ConnectionStrings:prosaasdb");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Context_retries_unless_that_is_disabled(bool disabled)
    {
        using var provider = Add(new() { ["ConnectionStrings:prosaasdb"] = "Host=none", [$"{Section}:DisableRetry"] = $"{disabled}" });
        using var scope = provider.CreateScope();

        scope.ServiceProvider.GetRequiredService<ProSaasDbContext>().Database.CreateExecutionStrategy().RetriesOnFailure.ShouldBe(!disabled);
    }

    [Fact]
    public void Context_is_pooled()
    {
        using var provider = Add(new() { ["ConnectionStrings:prosaasdb"] = "Host=none" });

        Use().ShouldBeSameAs(Use());

        ProSaasDbContext Use()
        {
            using var scope = provider.CreateScope();
            return scope.ServiceProvider.GetRequiredService<ProSaasDbContext>();
        }
    }

    [Fact]
    public async Task Health_check_is_named_after_the_context_and_passes_the_guard()
    {
        using var provider = Add(new() { ["ConnectionStrings:prosaasdb"] = Database.AsApp(await postgres.CreateMigratedAsync()) });

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        report.Entries["ProSaasDbContext"].Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public void Health_check_can_be_left_out()
    {
        using var provider = Add(new() { [$"{Section}:DisableHealthChecks"] = "true" });

        provider.GetService<IOptions<HealthCheckServiceOptions>>()?.Value.Registrations.ShouldBeEmpty();
    }

    [Fact]
    public void Enrich_adds_retries_and_time_limit_to_a_context_that_is_registered()
    {
        var builder = Builder(new() { [$"{Section}:CommandTimeout"] = "7" });
        builder.Services.AddDbContext<ProSaasDbContext>(options => options.UseNpgsql("Host=mine"));
        builder.EnrichNpgsqlDbContext<ProSaasDbContext>();
        using var provider = builder.Services.BuildServiceProvider();
        using var scope = provider.CreateScope();

        var database = scope.ServiceProvider.GetRequiredService<ProSaasDbContext>().Database;

        database.GetConnectionString().ShouldBe("Host=mine");
        database.GetCommandTimeout().ShouldBe(7);
        database.CreateExecutionStrategy().RetriesOnFailure.ShouldBeTrue();
    }

    [Fact]
    public void Enrich_refuses_a_context_that_is_not_registered() =>
        Should.Throw<InvalidOperationException>(() => Builder([]).EnrichNpgsqlDbContext<ProSaasDbContext>());

    [Fact]
    public void Enrich_refuses_a_time_limit_that_contradicts_the_contexts_own()
    {
        var builder = Builder(new() { [$"{Section}:CommandTimeout"] = "7" });
        builder.Services.AddDbContext<ProSaasDbContext>(options => options.UseNpgsql("Host=mine", npgsql => npgsql.CommandTimeout(8)));
        builder.EnrichNpgsqlDbContext<ProSaasDbContext>();
        using var provider = builder.Services.BuildServiceProvider();
        using var scope = provider.CreateScope();

        Should.Throw<InvalidOperationException>(scope.ServiceProvider.GetRequiredService<ProSaasDbContext>).Message.ShouldContain("CommandTimeout");
    }

    private static HostApplicationBuilder Builder(Dictionary<string, string?> configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Services.AddLogging();
        return builder;
    }

    private static ServiceProvider Add(Dictionary<string, string?> configuration, Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configure = null)
    {
        var builder = Builder(configuration);
        builder.AddNpgsqlDbContext<ProSaasDbContext>("prosaasdb", configure, options => options.UseProSaasModel());
        return builder.Services.BuildServiceProvider();
    }
}
