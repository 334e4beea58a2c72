import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuthStore } from '../src/auth-store.mjs';
import { createLog, silenceConsole } from '../src/log.mjs';
import { startService } from '../src/service.mjs';
import { TIMES } from '../src/session.mjs';
import { Store } from '../src/store.mjs';
import { FakeApi } from './fakes/api.mjs';
import { WireServer } from './fakes/wire-server.mjs';

export const SECRET = 'the-shared-secret-of-the-tests';
export const OWNER = '15550000000';
const SERVER = fileURLToPath(new URL('../src/server.mjs', import.meta.url));

silenceConsole();
// As in main.mjs: Baileys leaves promises unobserved that fail when a connection drops.
process.on('unhandledRejection', () => {});

/** Ends the child with this process, however this one ends (but by SIGKILL). */
export function leaveNoOrphan(child) {
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1));

/** Waits for the condition, trying every few milliseconds, and fails with its name when it does not come true. */
export async function until(condition, what = condition.toString(), ms = 10_000) {
  const deadline = Date.now() + ms;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`Waited ${ms} ms for: ${typeof what === 'function' ? what() : what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Stores a session that has been paired, as a scan of the QR code leaves it. */
export function pair(store, business, me) {
  const auth = new AuthStore(store, business);
  Object.assign(auth.creds, { me, registered: true });
  auth.saveCreds();
}

/**
 * What a test needs: a folder, a fake API, and services over them, all gone at its end. The reconnect is quick unless
 * the test says otherwise.
 */
export async function setUp(t, { times = {} } = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'baileys-'));
  const api = await new FakeApi().start();
  const cleanups = [];
  const context = {
    folder,
    api,
    dataDir: path.join(folder, 'data'),
    useDataDir: (dataDir) => void (context.dataDir = dataDir),
    onEnd: (cleanup) => void cleanups.unshift(cleanup),

    /** Pairs the business in the service's volume. */
    pair() {
      const store = Store.open(context.dataDir);
      pair(store, 7, { id: `${OWNER}:1@s.whatsapp.net`, lid: '900000:1@lid', name: 'Shop' });
      store.close();
    },

    settings: (whatsappUrl) => ({ port: 0, host: '127.0.0.1', secret: SECRET, apiUrl: api.url, dataDir: context.dataDir, whatsappUrl }),

    /** The service in this process. */
    async service(whatsappUrl, options = {}) {
      const lines = [];
      const log = createLog(process.env.TEST_LOG ?? 'info', process.env.TEST_LOG ? undefined : { write: (line) => void lines.push(line) });
      const service = await startService(context.settings(whatsappUrl), log, {
        sessionOptions: { times: { ...TIMES, backoff: { base: 40, cap: 80 }, ...times } },
        ...options
      });
      let stopped;
      service.stopOnce = () => (stopped ??= service.stop());
      cleanups.unshift(service.stopOnce);
      return Object.assign(service, client(service.port), { logged: (msg) => lines.map(parse).filter((line) => line.msg === msg) });
    },

    /** The service as a process of its own, to be killed. */
    async process(whatsappUrl, env = {}) {
      const child = spawn(process.execPath, [SERVER], {
        env: {
          PATH: process.env.PATH,
          PORT: '0',
          BAILEYS_SECRET: SECRET,
          API_HTTP: api.url,
          BAILEYS_DATA: context.dataDir,
          WHATSAPP_URL: whatsappUrl,
          ...env
        }
      });
      leaveNoOrphan(child);
      const lines = [];
      child.stdout.on('data', (data) => lines.push(...data.toString().split('\n').filter(Boolean)));
      child.stderr.on('data', (data) => lines.push(data.toString()));
      const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
      cleanups.unshift(() => {
        child.kill('SIGKILL');
        return exited;
      });
      const started = await until(
        () => lines.map(parse).find(({ msg }) => msg === 'started') ?? (child.exitCode !== null && { failed: lines.join('\n') }),
        'the service has started'
      );
      if (started.failed) throw new Error(started.failed);
      return { child, exited, lines, ...client(started.port) };
    }
  };
  t.after(async () => {
    for (const cleanup of cleanups) await cleanup();
    await api.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return context;
}

/** The same with a WhatsApp that speaks its own protocol, to which the business's session is connected. */
export async function setUpConnected(t, { times, ...options } = {}) {
  const context = await setUp(t, { times });
  const whatsapp = await new WireServer().start();
  context.onEnd(() => whatsapp.stop());
  context.pair();
  const service = await context.service(whatsapp.url, options);
  await service.inState('connected');
  await until(() => whatsapp.hasKeys);
  return { ...context, whatsapp, service, startAgain: () => context.service(whatsapp.url) };
}

/** Calls of the service's HTTP interface. */
export function client(port) {
  const call = async (method, path, { body, secret = SECRET, raw } = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: secret ? { authorization: `Bearer ${secret}` } : {},
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body))
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
  };
  return {
    call,
    session: async (business = 7) => (await call('GET', `/sessions/${business}`)).body,
    inState: (state, business = 7) =>
      until(async () => {
        const { body } = await call('GET', `/sessions/${business}`);
        return body.state === state && body;
      }, `session ${business} is ${state}`),
    send: (text, { to = '972545550001@s.whatsapp.net', messageId = '3EB0A1B2C3D4', business = 7 } = {}) =>
      call('POST', `/sessions/${business}/messages`, { body: { to, text, messageId } })
  };
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
