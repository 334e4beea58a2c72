using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Tests.Startup;

public sealed class ProductionEnvironmentTests
{
    [Theory]
    [InlineData(null, "Production", true)]
    [InlineData("", "Production", true)]
    [InlineData("production", "Production", true)]
    [InlineData("Staging", "Staging", true)]
    [InlineData("STAGING", "Staging", true)]
    [InlineData("Development", "Development", false)]
    [InlineData("Test", "Test", false)]
    public void Environment_name_alone_decides(string? name, string expected, bool isProduction)
    {
        var environment = ProductionEnvironment.Resolve(name, _ => null);

        environment.EnvironmentName.ShouldBe(expected);
        environment.IsProduction.ShouldBe(isProduction);
        environment.Contradiction.ShouldBeNull();
    }

    [Theory]
    [InlineData("ENV", "production")]
    [InlineData("ENV", "PRODUCTION")]
    [InlineData("FLASK_ENV", "Production")]
    [InlineData("PRODUCTION", "1")]
    [InlineData("PRODUCTION", "True")]
    public void Any_sign_makes_it_production_and_a_contradiction_is_told(string variable, string value)
    {
        var environment = ProductionEnvironment.Resolve("Development", name => name == variable ? value : null);

        environment.EnvironmentName.ShouldBe("Production");
        environment.IsProduction.ShouldBeTrue();
        environment.Contradiction.ShouldNotBeNull().ShouldContain($"{variable}={value}");
    }

    [Theory]
    [InlineData("ENV", "development")]
    [InlineData("PRODUCTION", "0")]
    [InlineData("PRODUCTION", "false")]
    public void Nothing_turns_production_off(string variable, string value)
    {
        ProductionEnvironment.Resolve("Production", name => name == variable ? value : null).IsProduction.ShouldBeTrue();
        ProductionEnvironment.Resolve("Development", name => name == variable ? value : null).IsProduction.ShouldBeFalse();
    }

    [Fact]
    public void Sign_keeps_staging_named_staging() =>
        ProductionEnvironment.Resolve("Staging", name => name == "PRODUCTION" ? "1" : null).EnvironmentName.ShouldBe("Staging");

    [Fact]
    public void Command_line_wins_over_variables() =>
        ProductionEnvironment.Resolve(["--environment", "Development"]).EnvironmentName.ShouldBe("Development");
}
