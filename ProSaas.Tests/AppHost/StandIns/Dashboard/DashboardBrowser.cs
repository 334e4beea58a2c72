using Aspire.Hosting.Dashboard;
using Microsoft.Playwright;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>A real Chromium, the system's own: none is downloaded.</summary>
public sealed class DashboardBrowser : IAsyncLifetime
{
    private const float DeadlineMs = 20_000;

    private static readonly string? Program = ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(DeadlineMs);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            ChromiumSandbox = Environment.UserName != "root",
            Args = ["--disable-dev-shm-usage"],
        });
    }

    /// <summary>A page of a browser that has logged in; skips the test where there is no Chromium.</summary>
    internal async Task<IPage> OpenAsync(DashboardSettings settings, string path = "/", ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, "Chromium is not installed: on Debian, 'apt-get install chromium'");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = settings.Frontend.ToString(), ColorScheme = scheme, ViewportSize = new() { Width = 1400, Height = 900 } });
        context.SetDefaultTimeout(DeadlineMs);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/login?t={settings.BrowserToken}&returnUrl={Uri.EscapeDataString(path)}");
        await UntilLiveAsync(page);
        return page;
    }

    /// <summary>Waits until the page reacts: it is shown before that.</summary>
    internal static Task UntilLiveAsync(IPage page) => Assertions.Expect(page.Locator("[data-live]")).ToBeAttachedAsync();

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
