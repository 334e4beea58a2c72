using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using ProSaas.Api.Accounts.Administration;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Api.Accounts.Setup;
using ProSaas.Api.Accounts.Tokens;
using ProSaas.Api.Http;
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

        builder.Services.AddValidator<LoginRequest, LoginRequest.Validator>();
        builder.Services.AddValidator<RefreshRequest, RefreshRequest.Validator>();
        builder.Services.AddValidator<PasswordChangeRequest, PasswordChangeRequest.Validator>();
        builder.Services.AddValidator<NewAccount, NewAccount.Validator>();
        builder.Services.AddValidator<SetupRequest, SetupRequest.Validator>();

        builder.Services.AddIdentityCore<Account>(identity =>
        {
            identity.User.RequireUniqueEmail = true;

            // The user name is the e-mail address, and any may be one.
            identity.User.AllowedUserNameCharacters = "";
        });
        builder.Services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordHashing.Iterations);
        builder.Services.AddScoped<IUserStore<Account>, UserOnlyStore<Account, ProSaasDbContext, long>>();
        builder.Services.AddSingleton<PasswordHashing>();
        builder.Services.AddSingleton<KnownDevices>();
        builder.Services.AddSingleton<LoginTelemetry>();
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(LoginTelemetry.Name));
        builder.Services.AddScoped<LoginAttempts>();
        builder.Services.AddScoped<CredentialCheck>();
        builder.Services.AddScoped<SessionStore>();
        builder.Services.AddScoped<LoginSessions>();
        builder.Services.AddScoped<RefreshTokens>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddScoped<PasswordChange>();
        builder.Services.AddScoped<AccountCreation>();
        builder.Services.AddSingleton<SetupCodes>();
        builder.Services.AddSingleton(AdministratorSettings.Read(builder.Configuration));
        builder.Services.AddSingleton<AccountTidying>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AccountTidying>());
        builder.Services.AddSingleton<FirstAccounts>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<FirstAccounts>());
        builder.Services.AddScoped<SignedInAccount>();
        builder.Services.AddScoped(provider => provider.GetRequiredService<SignedInAccount>().Account
            ?? throw new InvalidOperationException(
                $"Nobody is signed in: {nameof(CurrentAccount)} is for endpoints with {nameof(AccountEndpointExtensions.RequireAccount)}."));

        builder.AddSchemes();
        builder.AddKeys();
        builder.Services.AddLoginRateLimit();
        builder.AddClientAddress();
    }

    /// <summary>After the schema gate: keys and sessions are in the database.</summary>
    public static void UseAccounts(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseMiddleware<CookieAntiforgeryMiddleware>();
    }

    public static void MapAccounts(this WebApplication app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Accounts");
        auth.MapLogin();
        auth.MapTokens();
        auth.MapPassword();
        auth.MapSetup();
        app.MapAccountAdministration();
    }

    private static void AddSchemes(this IHostApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        builder.Services.AddSingleton<BrowserCookies>();
        var schemes = builder.Services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, AccountAuthenticationHandler>(AccountSchemes.Account, configureOptions: null)
            .AddCookie(AccountSchemes.Cookie, cookie => BrowserCookies.Configure(cookie, overTls: true))
            .AddBearerToken(AccountSchemes.Bearer);
        builder.Services.AddOptions<BearerTokenOptions>(AccountSchemes.Bearer)
            .Configure<IOptions<AccountSessionOptions>>((bearer, sessions) =>
                bearer.BearerTokenExpiration = sessions.Value.AccessTokenLifetime);
        if (development)
        {
            schemes.AddCookie(AccountSchemes.DevelopmentCookie, cookie => BrowserCookies.Configure(cookie, overTls: false));
        }

        builder.Services.AddAuthorization();
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.HeaderName = BrowserCookies.AntiforgeryHeader;
            antiforgery.Cookie = development
                ? new CookieBuilder { Name = BrowserCookies.DevelopmentAntiforgeryName, SecurePolicy = CookieSecurePolicy.SameAsRequest }
                : new SecureCookie { Name = BrowserCookies.AntiforgeryName };
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.IsEssential = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.Cookie.Path = "/";
        });
    }

    private static void AddKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection().SetApplicationName("ProSaas");
        builder.Services.AddSingleton<KeyRepository>();
        var secret = KeySecret.Read(builder.Configuration);
        builder.Services.AddSingleton(secret);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<KeyRepository>((keys, repository) =>
        {
            keys.XmlRepository = repository;
            keys.XmlEncryptor = secret.IsSet ? secret : null;
        });

        // The framework reads the keys while the host starts, which is before the schema gate opens;
        // without this they are read when first needed.
        var eager = builder.Services.Single(service =>
            service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name is "DataProtectionHostedService");
        builder.Services.Remove(eager);
    }
}
