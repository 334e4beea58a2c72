import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Store } from '../src/store.mjs';
import { fillVolume } from './fakes/volume.mjs';
import { SECRET, setUp } from './fixture.mjs';

const SERVER = fileURLToPath(new URL('../src/server.mjs', import.meta.url));
const CUSTOMER = '972545550001@s.whatsapp.net';
const message = (messageId, rest) => ({ business: 7, from: CUSTOMER, messageId, name: null, kind: 'text', text: 'hello', ...rest });

function place(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, data: path.join(folder, 'data'), file: path.join(folder, 'data', 'whatsapp.db') };
}

function inStore(data, work) {
  const store = Store.open(data);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** Starts the service over the folder; returns its exit code and what it wrote to standard error. */
function start(data) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SERVER], {
    env: { PATH: process.env.PATH, PORT: '0', BAILEYS_SECRET: SECRET, API_HTTP: 'http://127.0.0.1:1', BAILEYS_DATA: data },
    timeout: 20_000
  });
  assert.equal(stdout.toString(), '');
  return { status, line: stderr.toString() };
}

test('What was written is there again, removals included, and nobody else can read the file', (t) => {
  const { data, file } = place(t);
  inStore(data, (store) => {
    store.write(() => {
      store.setEntry(7, 'creds', '', '{}');
      store.setEntry(7, 'sent-text', 'B', 'two\nlines');
      store.setEntry(7, 'sent-text', 'A', 'one');
      store.setEntry(8, 'sent-text', 'C', 'of another');
    });
    store.write(() => store.setEntry(7, 'sent-text', 'B', 'changed'));
    store.write(() => store.removeEntries(8), { durable: true });
  });
  inStore(data, (store) => {
    assert.deepEqual(store.businesses(), [7]);
    assert.deepEqual(store.entryIds(7, 'sent-text'), ['B', 'A']);
    assert.equal(store.entry(7, 'sent-text', 'B'), 'changed');
    assert.equal(store.entry(8, 'sent-text', 'C'), undefined);
    store.write(() => store.setEntry(7, 'sent-text', 'B', null));
    assert.equal(store.entry(7, 'sent-text', 'B'), undefined);
  });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(data), ['whatsapp.db']);
});

test('A received message is kept once until it is delivered, and then known by its id, of the last 5,000', (t) => {
  const { data } = place(t);
  inStore(data, (store) => {
    store.write(() => {
      for (let number = 0; number <= 5_000; number++) store.addMessage(message(`M${number}`));
      store.addMessage(message('M1', { text: 'again' }));
    });
    store.write(() => {
      for (let number = 0; number < 5_000; number++) store.setDelivered(message(`M${number}`));
    });
    assert.deepEqual(store.undeliveredMessages(), [message('M5000')]);
    assert.ok(store.isDelivered(message('M0')));
    assert.ok(!store.isDelivered(message('M5000')));
    store.write(() => {
      store.setDelivered(message('M5000'));
      store.addMessage(message('M4999'));
    });
  });
  inStore(data, (store) => {
    assert.deepEqual(store.undeliveredMessages(), []);
    assert.ok(store.isDelivered(message('M4999')));
    assert.ok(!store.isDelivered(message('M0')));
  });
});

test('A write that fails in its middle leaves nothing of itself', (t) => {
  const { data } = place(t);
  inStore(data, (store) => {
    assert.throws(
      () =>
        store.write(() => {
          store.setEntry(7, 'creds', '', '{}');
          throw new RangeError('a bug');
        }),
      RangeError
    );
    assert.equal(store.failure, null);
    assert.deepEqual(store.businesses(), []);
  });
});

test('A full volume refuses the write as a whole, says so, and takes the next when there is room', async (t) => {
  const { data } = place(t);
  const store = Store.open(data);
  const failures = [];
  store.onFailureChange = (failure) => failures.push(failure);
  store.write(() => store.addMessage(message('A')), { durable: true });
  const volume = fillVolume(t);
  const addLong = (id) => store.addMessage(message(id, { text: 'x'.repeat(10_000) }));
  const add = (...ids) => store.write(() => ids.forEach(addLong), { durable: true });
  assert.throws(() => add('B', 'C'), { code: 'SQLITE_IOERR_WRITE' });
  store.probe();
  assert.equal(store.failure, 'SQLITE_IOERR_WRITE');
  assert.equal(store.undeliveredMessages().length, 1);
  await null;
  volume.free();
  store.probe();
  assert.equal(store.failure, null);
  add('D');
  await null;
  store.close();
  assert.deepEqual(failures, ['SQLITE_IOERR_WRITE', null]);
  inStore(data, (again) => assert.deepEqual(again.undeliveredMessages().map(({ messageId }) => messageId), ['A', 'D']));
});

test('Killed at any moment it has every message whose write had returned, once, and no half of a write', { timeout: 60_000 }, async (t) => {
  const { data } = place(t);
  const writer = fileURLToPath(new URL('fakes/writer.mjs', import.meta.url));
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [writer, data], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 60));
    child.stdout.on('data', (bytes) => (text += bytes));
    await new Promise((resolve) => child.once('close', resolve));
    const confirmed = Number(text.split('\n').at(-2));
    inStore(data, (store) => {
      const latest = Number(store.entry(7, 'latest'));
      assert.ok(latest === confirmed || latest === confirmed + 1, `${latest} after ${confirmed}`);
      assert.deepEqual(
        store.undeliveredMessages().map(({ messageId }) => messageId),
        Array.from({ length: latest }, (_, index) => `M${index + 1}`)
      );
    });
  }
});

test('Sixty long messages write a few times their length and not the whole file for each', { skip: process.platform !== 'linux' }, (t) => {
  const { data } = place(t);
  const written = () => Number(/wchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))[1]);
  inStore(data, (store) => {
    const [count, length] = [60, 60_000];
    const before = written();
    for (let number = 0; number < count; number++) {
      store.write(() => store.addMessage(message(`L${number}`, { text: 'x'.repeat(length) })), { durable: true });
    }
    for (let number = 0; number < count; number++) store.write(() => store.setDelivered(message(`L${number}`)));
    const times = (written() - before) / (count * length);
    t.diagnostic(`${times.toFixed(1)} times their length`);
    assert.ok(times < 4, `${times} times their length`);
  });
});

test('A second process over the same folder is refused in one line, and the first goes on', async (t) => {
  const context = await setUp(t);
  const first = await context.process('ws://127.0.0.1:1');
  const { status, line } = start(context.dataDir);
  assert.equal(status, 1);
  assert.match(line, /^The WhatsApp service cannot start: BAILEYS_DATA \S+ is in use by another process[^\n]+\n$/);
  assert.equal((await first.call('POST', '/sessions/7')).status, 202);
});

for (const [what, files] of Object.entries({ spool: ['spool.journal'], session: ['sessions/7.journal'] })) {
  test(`A volume from before the first release is refused in one line that says how to pair anew, by its ${what}`, (t) => {
    const { data } = place(t);
    mkdirSync(path.join(data, 'sessions'), { recursive: true });
    for (const file of files) writeFileSync(path.join(data, file), '{"a":"1"}\n');
    const { status, line } = start(data);
    assert.equal(status, 78);
    assert.match(line, /before the first release[^\n]+remove its spool\.journal and sessions\/[^\n]+QR code anew\.\n$/);
    assert.deepEqual(readdirSync(data, { recursive: true }).sort(), ['sessions', ...files].sort());
  });
}

for (const [what, damage] of Object.entries({
  'is no database': (file) => writeFileSync(file, 'x'.repeat(10_000)),
  'is cut off': (file) => truncateSync(file, 8_192),
  'has a page of zeros': (file) => {
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0, 8_192, 12_288));
  }
})) {
  test(`A file that ${what} is refused in one line and left as it is`, (t) => {
    const { data, file } = place(t);
    inStore(data, (store) => store.write(() => {
      for (let number = 0; number < 100; number++) store.addMessage(message(`M${number}`, { text: 'x'.repeat(500) }));
    }));
    damage(file);
    const before = readFileSync(file);
    const { status, line } = start(data);
    assert.equal(status, 78);
    assert.match(line, /whatsapp\.db is damaged \(SQLITE_\w+\): remove it [^\n]+QR code anew\.\n$/);
    assert.deepEqual(readFileSync(file), before);
  });
}

test('A file of a newer release is refused', (t) => {
  const { data } = place(t);
  inStore(data, (store) => store.write(() => store.setEntry(7, 'creds', '', '{}')));
  const bytes = readFileSync(path.join(data, 'whatsapp.db'));
  bytes.writeUInt32BE(2, 60);
  writeFileSync(path.join(data, 'whatsapp.db'), bytes);
  assert.throws(() => Store.open(data), { message: /written by a newer release/, exitCode: 78 });
});

test('A folder that cannot be one is refused with what to set', (t) => {
  const { folder } = place(t);
  writeFileSync(path.join(folder, 'file'), '');
  assert.throws(() => Store.open(path.join(folder, 'file', 'data')), refusal('ENOTDIR'));
});

for (const [what, code, give] of [
  ['A new folder of another user', 'EACCES', ({ data, file }) => rmSync(file) ?? chmodSync(data, 0o555)],
  ['A folder of another user', 'SQLITE_READONLY_DIRECTORY', ({ data, file }) => chmodSync(file, 0o666) ?? chmodSync(data, 0o555)],
  ['A file of another user', 'SQLITE_IOERR_LOCK', ({ data, file }) => chmodSync(file, 0o444) ?? chmodSync(data, 0o777)]
]) {
  test(`${what} is refused with what to set`, (t) => {
    const { folder, ...files } = place(t);
    inStore(files.data, () => {});
    chmodSync(folder, 0o755);
    give(files);
    // Root may write everywhere.
    const root = process.geteuid() === 0;
    if (root) process.seteuid(65_534);
    try {
      assert.throws(() => Store.open(files.data), refusal(code));
    } finally {
      if (root) process.seteuid(0);
      chmodSync(files.data, 0o700);
    }
  });
}

function refusal(code) {
  return { message: new RegExp(`^BAILEYS_DATA \\S+ cannot be written \\(${code}\\): set a folder that user \\d+ owns`), exitCode: 78 };
}
