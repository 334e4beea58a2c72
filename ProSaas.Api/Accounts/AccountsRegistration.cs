using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts;

internal static class AccountsRegistration
{
    public static void AddAccounts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccountSessionOptions>().BindConfiguration(AccountSessionOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AccountSessionOptions>, AccountSessionOptionsValidator>();
        builder.Services.AddOptions<LoginOptions>().BindConfiguration(LoginOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LoginOptions>, LoginOptionsValidator>();

        builder.Services.AddIdentityCore<Account>(identity => identity.User.RequireUniqueEmail = true);
        builder.Services.AddScoped<IUserStore<Account>, UserOnlyStore<Account, ProSaasDbContext, long>>();
        builder.Services.AddSingleton<PasswordHashing>();
        builder.Services.AddScoped<CredentialCheck>();
        builder.Services.AddScoped<Sessions>();
        builder.Services.AddScoped<SignedInAccount>();
        builder.Services.AddScoped(provider => provider.GetRequiredService<SignedInAccount>().Account
            ?? throw new InvalidOperationException($"Nobody is signed in: {nameof(CurrentAccount)} is for endpoints with {nameof(AccountEndpointExtensions.RequireAccount)}."));

        builder.AddSchemes();
        builder.AddKeys();
        builder.Services.AddLoginRateLimit();
    }

    /// <summary>After the schema gate: keys and sessions are in the database.</summary>
    public static void UseAccounts(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseMiddleware<CookieAntiforgeryMiddleware>();
    }

    public static void MapAccounts(this WebApplication app) => app.MapGroup("/api/auth").WithTags("Accounts").MapLogin();

    private static void AddSchemes(this IHostApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        builder.Services.AddSingleton<BrowserCookies>();
        var schemes = builder.Services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, AccountAuthenticationHandler>(AccountSchemes.Account, configureOptions: null)
            .AddCookie(AccountSchemes.Cookie, cookie => BrowserCookies.Configure(cookie, overTls: true))
            .AddBearerToken(AccountSchemes.Bearer);
        builder.Services.AddOptions<BearerTokenOptions>(AccountSchemes.Bearer)
            .Configure<IOptions<AccountSessionOptions>>((bearer, sessions) => bearer.BearerTokenExpiration = sessions.Value.AccessTokenLifetime);
        if (development)
        {
            schemes.AddCookie(AccountSchemes.DevelopmentCookie, cookie => BrowserCookies.Configure(cookie, overTls: false));
        }

        builder.Services.AddAuthorization();
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.HeaderName = BrowserCookies.AntiforgeryHeader;
            antiforgery.Cookie.Name = development ? BrowserCookies.DevelopmentAntiforgeryName : BrowserCookies.AntiforgeryName;
            antiforgery.Cookie.SecurePolicy = development ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.Cookie.Path = "/";
        });
    }

    private static void AddKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().SetApplicationName("ProSaas");
        builder.Services.AddSingleton<KeyRepository>();
        builder.Services.AddOptions<KeyManagementOptions>().Configure<KeyRepository>((keys, repository) => keys.XmlRepository = repository);

        // The framework reads the keys while the host starts, which is before the schema gate opens; without this they are read when first needed.
        var eager = builder.Services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name is "DataProtectionHostedService");
        builder.Services.Remove(eager);
    }
}
