using ProSaas.Api.Accounts;
using ProSaas.Api.Agents;
using ProSaas.Api.Budgets;
using ProSaas.Api.Businesses;
using ProSaas.Api.Conversations;
using ProSaas.Api.Health;
using ProSaas.Api.Http;
using ProSaas.Api.Speech;
using ProSaas.Api.Startup;
using ProSaas.Api.WhatsApp;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Startup;

if (Probe.IsAskedFor(args))
{
    return await Probe.RunAsync(args);
}

return await ServiceProcess.RunAsync(async () =>
{
    var environment = ProductionEnvironment.Resolve(args);
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        EnvironmentName = environment.EnvironmentName,
        ContentRootPath = AppContext.BaseDirectory,
    });

    builder.AddServiceDefaults("prosaas-api");
    builder.AddHttp();
    builder.AddStartup(environment);
    builder.AddDatabase();
    builder.AddHealth(environment);
    builder.AddAccounts();
    builder.AddBudgets();
    builder.AddBusinesses();
    builder.AddConversations();
    builder.AddAgents();
    builder.AddSpeech();
    builder.AddWhatsApp();

    await using var app = builder.Build();
    app.ValidateSettings();
    app.WarnOfContradiction();
    app.UseExceptionHandler();
    app.UseStatusCodePages();
    app.UseQueryCheck();
    app.UseSchemaGate();
    app.UseAccounts();
    app.UseBusinesses();
    app.MapDefaultEndpoints();
    app.MapHealth();
    app.MapAccounts();
    app.MapBusinesses();
    app.MapConversations();
    app.MapAgents();
    app.MapSpeech();
    app.MapWhatsApp();
    app.MapOpenApi();
    app.MapApiReference();

    var outcome = app.Services.GetRequiredService<StartupOutcome>();
    await app.RunUntilStoppedAsync();
    return outcome.ExitCode;
});
