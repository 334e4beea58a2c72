// Usage: screenshot.cjs PLAYWRIGHT CHROMIUM LOGIN_URL FILE. Started by screenshot.sh.
const [playwright, executablePath, login, path] = process.argv.slice(2);
const { chromium } = require(playwright);
const timeout = 180_000;
const businesses = 10;

(async () => {
  const browser = await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    page.setDefaultTimeout(timeout);
    await page.goto(`${login}&returnUrl=${encodeURIComponent('/traces')}`);
    await page.getByTitle('Name filter').click();
    await page.keyboard.type('startup');
    await page.getByText('prosaas-api: startup', { exact: true }).click();
    await page.waitForURL('**/traces/detail/*');
    const row = name => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
    await row('startup.agent_warmup.business').nth(businesses - 1).waitFor();
    // What these two are made of would leave no room for the businesses.
    for (const name of ['startup.whatsapp_probe', 'startup.schema_gate']) {
      await row(name).getByLabel('Toggle nesting').click();
    }
    await page.mouse.move(0, 0);
    await page.screenshot({ path });
  } finally {
    await browser.close();
  }
})().catch(error => {
  console.error(error.message);
  process.exitCode = 70;
});
