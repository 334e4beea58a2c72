// Usage: dashboard-pages.cjs PLAYWRIGHT CHROMIUM URL ROUNDS. Started by dashboard-pages.sh.
const [playwright, executablePath, url, rounds] = process.argv.slice(2);
const { chromium } = require(playwright);

(async () => {
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  const rows = [];
  const live = [];
  for (let round = 0; round < Number(rounds); round++) {
    // A new context has an empty cache.
    const context = await browser.newContext();
    const page = await context.newPage();
    const begun = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator('tbody tr').first().waitFor();
    rows.push(Math.round(performance.now() - begun));
    await page.locator('[data-live]').waitFor({ state: 'attached' });
    live.push(Math.round(performance.now() - begun));
    await context.close();
  }
  await browser.close();
  const show = values => `first ${values[0]} ms, median ${[...values].sort((a, b) => a - b)[values.length >> 1]} ms (${values.join(' ')})`;
  console.log(`first rows                           ${show(rows)}`);
  console.log(`live                                 ${show(live)}`);
})();
