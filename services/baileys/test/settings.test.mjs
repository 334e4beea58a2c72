import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readSettings, SettingsError } from '../src/settings.mjs';

const GOOD = { BAILEYS_SECRET: 'sixteen-chars-ok', API_HTTP: 'http://127.0.0.1:5080/' };

test('Settings have defaults, and the API\'s address loses its last slash', () => {
  const settings = readSettings(GOOD);
  assert.equal(settings.port, 3300);
  assert.equal(settings.host, '127.0.0.1');
  assert.equal(settings.apiUrl, 'http://127.0.0.1:5080');
  assert.equal(settings.whatsappUrl, undefined);
});

for (const [name, env] of Object.entries({
  BAILEYS_SECRET: { BAILEYS_SECRET: '' },
  'BAILEYS_SECRET, too short': { BAILEYS_SECRET: 'short' },
  API_HTTP: { API_HTTP: '' },
  'API_HTTP, not http': { API_HTTP: 'ftp://u:password@x' },
  PORT: { PORT: '99999' },
  WHATSAPP_URL: { WHATSAPP_URL: 'http://x' },
  LOG_LEVEL: { LOG_LEVEL: 'loud' }
})) {
  test(`A wrong ${name} is named in one line with a remedy and without its secret`, () => {
    assert.throws(
      () => readSettings({ ...GOOD, ...env }),
      (error) =>
        error instanceof SettingsError &&
        error.message.startsWith(name.split(',')[0]) &&
        /set|give|use/.test(error.message) &&
        !/\n|short"|password/.test(error.message)
    );
  });
}

test('The service exits with 78 and one line when a setting is wrong', () => {
  const server = fileURLToPath(new URL('../src/server.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [server], { env: { PATH: process.env.PATH, API_HTTP: GOOD.API_HTTP } });
  assert.equal(status, 78);
  assert.match(stderr.toString(), /^BAILEYS_SECRET is not set[^\n]+\n$/);
});
