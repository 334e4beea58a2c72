using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Scaffolding;
using ProSaas.Data;

namespace ProSaas.Tests.Data;

public sealed partial class ModelTests
{
    private const string Stale = "the compiled model is stale: scripts/renew-schema.sh";

    [Fact]
    public void Migrations_say_what_the_model_says()
    {
        using var context = CreateContext();

        context.Database.HasPendingModelChanges().ShouldBeFalse("the model has changed: scripts/renew-schema.sh");
    }

    [Fact]
    public void Compiled_model_is_the_one_the_entities_give()
    {
        var files = Generate();

        files.Count.ShouldBeGreaterThan(3);
        foreach (var file in files)
        {
            var committed = Path.Combine("ProSaas.Data/CompiledModel", Path.GetFileName(file.Path));
            Repository.Files.ShouldContain(committed, Stale);
            Normalize(Repository.Read(committed)).ShouldBe(Normalize(file.Code), Stale);
        }

        Repository.Files.Count(file => file.StartsWith("ProSaas.Data/CompiledModel/", StringComparison.Ordinal))
            .ShouldBe(files.Count, Stale);
    }

    [Fact]
    public void Context_of_the_api_uses_the_compiled_model()
    {
        using var context = new ProSaasDbContext(Options(options => options.UseNpgsql("Host=none").UseProSaasModel()));

        context.Model.GetType().FullName.ShouldBe("ProSaas.Data.CompiledModel.ProSaasDbContextModel");
        context.Model.GetEntityTypes().Select(entity => entity.GetTableName()).ShouldBe(
            [
                "businesses",
                "faq_entries",
                "accounts",
                "account_sessions",
                "refresh_tokens",
                "business_members",
                "login_failures",
                "known_networks",
                "setup_codes",
                "data_protection_keys",
                "audit_entries",
                "contacts", "conversations", "messages", "owner_messages", "speech_usage", "whatsapp_messages",
                "whatsapp_erasures"],
            ignoreOrder: true);
    }

    private static IReadOnlyCollection<ScaffoldedFile> Generate()
    {
        using var context = CreateContext();
        var services = new ServiceCollection().AddEntityFrameworkDesignTimeServices().AddDbContextDesignTimeServices(context);
#pragma warning disable EF1001 // The provider's design-time services have no other way in than the one the tool takes.
        new Npgsql.EntityFrameworkCore.PostgreSQL.Design.Internal.NpgsqlDesignTimeServices().ConfigureDesignTimeServices(services);
#pragma warning restore EF1001
        using var provider = services.BuildServiceProvider();
        var generator = provider.GetRequiredService<ICompiledModelCodeGeneratorSelector>()
            .Select(new CompiledModelCodeGenerationOptions { Language = "C#" });
        return generator.GenerateModel(context.GetService<IDesignTimeModel>().Model, new CompiledModelCodeGenerationOptions
        {
            ModelNamespace = "ProSaas.Data.CompiledModel",
            ContextType = typeof(ProSaasDbContext),
            Language = "C#",
            UseNullableReferenceTypes = true,
        });
    }

    private static ProSaasDbContext CreateContext() =>
        new(Options(options => options.UseNpgsql().UseSnakeCaseNamingConvention()));

    private static DbContextOptions<ProSaasDbContext> Options(Action<DbContextOptionsBuilder<ProSaasDbContext>> configure)
    {
        var options = new DbContextOptionsBuilder<ProSaasDbContext>();
        configure(options);
        return options.Options;
    }

    private static string Normalize(string code) =>
        RandomModelId().Replace(code.TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd(), "");

    [GeneratedRegex("modelId: new Guid\\(\"[0-9a-f-]+\"\\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RandomModelId();
}
