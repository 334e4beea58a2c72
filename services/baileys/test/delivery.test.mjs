import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import pino from 'pino';
import { Delivery } from '../src/delivery.mjs';
import { Store } from '../src/store.mjs';

const message = (messageId, from = '1@lid') => ({ messageId, from, kind: 'text', text: messageId });

/** A delivery over a real store, to an API that does as the test says. */
function begin(t, post) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'delivery-'));
  const store = Store.open(folder);
  const writes = [];
  const write = store.write.bind(store);
  store.write = (work, options) => {
    writes.push(options);
    write(work, options);
  };
  const delivery = new Delivery({ api: { post }, store, log: pino({ level: 'silent' }) });
  t.after(async () => {
    await delivery.stop(0);
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { store, writes, delivery };
}

/** An API that answers no call. */
const hangs = (path, body, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('Messages that come together are synced together, each before it is said to be stored', async (t) => {
  const { store, writes, delivery } = begin(t, hangs);
  const stored = Promise.all(['A', 'B', 'C'].map((id) => delivery.accept(7, message(id))));
  assert.deepEqual(writes, []);
  await stored;
  assert.deepEqual(writes, [{ durable: true }]);
  assert.deepEqual(store.undeliveredMessages().map(({ messageId }) => messageId), ['A', 'B', 'C']);
});

test('A message that the API takes at once does not wait for the disk, and is known as delivered', async (t) => {
  const { store, writes, delivery } = begin(t, async () => ({ status: 204 }));
  await delivery.accept(7, message('A'));
  assert.deepEqual(writes, []);
  await delivery.stop();
  assert.deepEqual(writes, [{ durable: false }]);
  assert.ok(store.isDelivered({ business: 7, ...message('A') }));
});

test('A message that was delivered before a restart is not delivered again', async (t) => {
  const posted = [];
  const post = async (path, body) => {
    posted.push(body.messageId);
    return { status: 204 };
  };
  const { store, delivery } = begin(t, post);
  await delivery.accept(7, message('A'));
  await delivery.stop();
  const next = new Delivery({ api: { post }, store, log: pino({ level: 'silent' }) });
  assert.equal(next.resume(), 0);
  await next.accept(7, message('A'));
  await next.accept(7, message('A', '2@lid'));
  await next.stop();
  assert.deepEqual(posted, ['A', 'A']);
});
