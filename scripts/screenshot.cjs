// Usage: screenshot.cjs PLAYWRIGHT CHROMIUM LOGIN_URL FILE. Started by screenshot.sh.
const [playwright, executablePath, login, path] = process.argv.slice(2);
const { chromium } = require(playwright);
const timeout = 180_000;

(async () => {
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' });
    page.setDefaultTimeout(timeout);
    await page.goto(`${login}&returnUrl=${encodeURIComponent('/traces?text=startup&resource=prosaas-api')}`);
    // It is there from the first span on, and complete when its first span has ended.
    await page.locator('tbody tr', { hasText: 'prosaas-api: startup', hasNotText: 'missing' }).getByRole('link').last().click();
    await page.locator("tr[data-span='startup.agent_warmup'] .bar").waitFor();
    await page.locator("tr[data-span='startup.migrate'] .bar.other").waitFor();
    for (const name of ['startup.schema_gate', 'startup.agent_warmup.business']) {
      const toggles = page.getByRole('button', { name: `Children of ${name}`, exact: true, expanded: true });
      while (await toggles.count() > 0) {
        const before = await toggles.count();
        await toggles.first().click();
        await page.waitForFunction(([label, count]) => document.querySelectorAll(`[aria-label='${label}'][aria-expanded='true']`).length !== count, [`Children of ${name}`, before]);
      }
    }
    await page.screenshot({ path });
  } finally {
    await browser.close();
  }
})().catch(error => {
  console.error(error.message);
  process.exitCode = 70;
});
