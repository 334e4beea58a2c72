import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { silenceConsole } from '../../src/log.mjs';
import { Store } from '../../src/store.mjs';
import { WireServer } from '../fakes/wire-server.mjs';
import { client, leaveNoOrphan, OWNER, pair, SECRET, until } from '../fixture.mjs';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `work` over the service as its own process, started as in production, with paired sessions. */
export async function measure({ apiUrl, sessions }, work) {
  silenceConsole();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'baileys-'));
  const dataDir = path.join(folder, 'data');
  const store = Store.open(dataDir);
  for (let business = 1; business <= sessions; business++) {
    pair(store, business, { id: `${OWNER}:1@s.whatsapp.net`, lid: `${OWNER}:1@lid`, name: 'Shop' });
  }
  store.close();
  const whatsapp = Object.assign(new WireServer(), { preKeyCount: 0 });
  await whatsapp.start();
  const port = 20_000 + (process.pid % 10_000);
  const { scripts } = JSON.parse(await readFile(path.join(PACKAGE, 'package.json'), 'utf8'));
  const [, ...args] = scripts.start.split(' ');
  const child = spawn(process.execPath, args, {
    cwd: PACKAGE,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH, PORT: `${port}`, BAILEYS_SECRET: SECRET, API_HTTP: apiUrl, BAILEYS_DATA: dataDir, WHATSAPP_URL: whatsapp.url, LOG_LEVEL: 'info' }
  });
  leaveNoOrphan(child);
  try {
    const service = client(port);
    await until(() => service.call('GET', '/healthz').catch(() => false), 'the service has started');
    await until(async () => (await service.call('GET', '/sessions')).body.sessions.every(({ state }) => state === 'connected'), 'all sessions are connected', 60_000);
    await work({ service, whatsapp, usage: () => usage(child.pid) });
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    await whatsapp.stop();
    await rm(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

/** Resident memory in MB (10⁶ bytes) now and at most, and processor seconds so far, as Linux counts them. */
async function usage(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, after] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
  const [user, system] = after.split(' ').slice(11, 13).map(Number);
  const mb = (name) => Math.round((Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)[1]) * 1024) / 1e6);
  return { residentMb: mb('VmRSS'), peakMb: mb('VmHWM'), cpuSeconds: (user + system) / 100 };
}
