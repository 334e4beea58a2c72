import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NoAnswerError } from '../src/api-client.mjs';
import { Delivery } from '../src/delivery.mjs';
import { createLog } from '../src/log.mjs';
import { Room } from '../src/room.mjs';
import { Store } from '../src/store.mjs';
import { CustomerPhone } from './fakes/wire-server.mjs';
import { setUp, setUpConnected, until } from './fixture.mjs';

const CUSTOMER = '972545550001@s.whatsapp.net';
const OTHER = '972545550002@s.whatsapp.net';
const message = (messageId, from = CUSTOMER) => ({ messageId, from, name: null, kind: 'text', text: messageId, mediaType: null });

async function connected(t, options) {
  const { whatsapp, ...context } = await setUpConnected(t, options);
  const phones = new Map([CUSTOMER, OTHER].map((jid) => [jid, new CustomerPhone(jid)]));
  const say = async (id, jid = CUSTOMER) => whatsapp.deliver(await phones.get(jid).write(whatsapp, id, id));
  return { ...context, whatsapp, say };
}

/** A delivery over a real store, whose API does as the test says. */
async function begin(t, post, options) {
  const context = await setUp(t);
  const store = Store.open(context.dataDir);
  const lines = [];
  const log = createLog('info', { write: (line) => lines.push(JSON.parse(line)) });
  const delivery = new Delivery({ api: { post }, store, log, retry: { base: 0, cap: 0 }, ...options });
  context.onEnd(async () => {
    await delivery.stop(0);
    store.close();
  });
  return { delivery, store, lines };
}

test('Every refusal that will not change puts the message aside with a line in the log, and the queue goes on', async (t) => {
  const { api, service, say } = await connected(t);
  const statuses = [400, 402, 404, 405, 406, 409, 410, 411, 413, 414, 415, 416, 417, 418, 421, 422, 426, 428, 431, 451, 499];
  api.problem = JSON.stringify({ type: 'urn:prosaas:problem:invalid', detail: 'text of a customer' });
  api.answer = ({ text }) => Number(text) || 204;
  for (const status of statuses) await say(`${status}`);
  await say('good');
  await until(() => api.texts().includes('good'));
  assert.equal(api.tries, statuses.length + 1);
  const lines = service.logged('message put aside: the API cannot take it');
  assert.deepEqual(lines.map(({ status }) => status), statuses);
  const { business, from, messageId, type } = lines[0];
  assert.deepEqual([business, from, messageId, type], [7, '…001@s.whatsapp.net', '400', 'urn:prosaas:problem:invalid']);

  await until(async () => (await service.call('GET', '/sessions')).body.refused[0]?.messages === statuses.length);
  const { refused } = (await service.call('GET', '/sessions/7/refused')).body;
  assert.deepEqual(refused.map((each) => each.message.text), statuses.map(String));
  assert.equal(refused[0].reason, '400 urn:prosaas:problem:invalid');
  assert.deepEqual((await service.call('GET', '/sessions')).body.waiting, { messages: 0, bytes: 0 });

  // What was in the API's way may be mended: they are handed over again, once.
  api.answer = 204;
  assert.deepEqual((await service.call('POST', '/sessions/7/refused')).body, { messages: statuses.length });
  await until(() => api.messages.length === statuses.length + 1);
  assert.deepEqual(api.texts().slice(1), statuses.map(String));
  assert.deepEqual((await service.call('GET', '/sessions/7/refused')).body, { refused: [] });
});

test('Messages put aside survive a restart, and are dropped on request', async (t) => {
  const { api, whatsapp, say, service: first, startAgain } = await connected(t);
  api.answer = 400;
  await say('bad');
  await until(() => whatsapp.undelivered.length === 0);
  await first.stopOnce();
  const again = await startAgain();
  assert.equal((await again.call('GET', '/sessions/7/refused')).body.refused.length, 1);
  assert.equal((await again.call('DELETE', '/sessions/7/refused')).status, 204);
  assert.deepEqual((await again.call('GET', '/sessions')).body.refused, []);
  assert.equal(again.logged('messages put aside were dropped on request').length, 1);
  assert.equal(api.tries, 1);
});

test('A wrong secret, a limit and an API that is away are no reason to put a message aside', async (t) => {
  for (const status of [301, 401, 403, 408, 425, 429, 502, 503, 504]) assert.equal(await triesOf(t, status, 300), 300);
});

test('An API that fails at one message alone has it put aside after ten tries, and after an hour when there is no other', async (t) => {
  assert.equal(await triesOf(t, 500, 300, { others: true }), 10);
  assert.equal(await triesOf(t, 500, 300), 240);
});

test('An error of the service itself ends after three tries, and the customer\'s next message goes on', async (t) => {
  assert.equal(await triesOf(t, new TypeError('a bug'), 300), 3);
  assert.equal(await triesOf(t, new NoAnswerError(Object.assign(new Error(), { code: 'ECONNREFUSED' })), 300), 300);
});

/** How often a message is tried to which the API answers so, at most `max` times; then the customer's next one must come. */
async function triesOf(t, answer, max, { others = false } = {}) {
  let tries = 0;
  const post = async (_, { messageId }) => {
    if (messageId !== 'bad') return { status: 204 };
    if (++tries > max) return { status: 204 };
    if (answer instanceof Error) throw answer;
    return { status: answer, retryAfterMs: undefined };
  };
  const { delivery, store } = await begin(t, post);
  delivery.accept(7, message('bad'));
  if (others) delivery.accept(7, message('other', OTHER));
  const next = delivery.accept(7, message('next'));
  await next;
  await until(() => delivery.counts().waiting.messages === 0);
  delivery.save();
  if (tries <= max) assert.deepEqual(store.refusedMessages(7).map((each) => each.message.messageId), ['bad']);
  return Math.min(tries, max);
}

test('A message that cannot be stored does not keep those that came with it from the disk', async (t) => {
  const { delivery, store, lines } = await begin(t, (path, body, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)));
  delivery.accept(7, { ...message('bad'), from: null });
  await Promise.all(['A', 'B'].map((id) => delivery.accept(7, message(id))));
  assert.deepEqual(store.undeliveredMessages().map(({ messageId }) => messageId), ['A', 'B']);
  assert.equal(store.failure, null);
  assert.deepEqual(lines.map(({ msg, error }) => [msg, error]), [['message cannot be stored', 'SQLITE_CONSTRAINT_NOTNULL']]);
});

test('The newest 200 messages put aside are kept of a business, for 30 days, and a drop is logged', async (t) => {
  const { delivery, store, lines } = await begin(t, async () => ({ status: 400 }));
  store.write(() => store.addRefused({ business: 8, ...message('other') }, '400'));
  await Promise.all(Array.from({ length: 203 }, (_, number) => delivery.accept(7, message(`M${number}`))));
  assert.deepEqual(store.refusedMessages(7).map((each) => each.message.messageId), Array.from({ length: 200 }, (_, number) => `M${number + 3}`));
  assert.equal(lines.filter(({ msg }) => /oldest messages put aside were dropped/.test(msg)).reduce((sum, { dropped }) => sum + dropped, 0), 3);
  const day = 24 * 3_600_000;
  assert.equal(store.removeOldRefused(Date.now() + 29 * day), 0);
  assert.equal(store.removeOldRefused(Date.now() + 31 * day), 201);
});

test('A customer, a business and all have room for so many messages and bytes', () => {
  const bytes = 10_000;
  const room = new Room({ customer: { messages: 2, bytes }, business: { messages: 3, bytes }, all: { messages: 4, bytes } });
  const take = (business, from, text = '') => room.take({ business, from, text });
  take(7, 'a');
  assert.ok(room.has(7, 'a'));
  take(7, 'a');
  assert.ok(!room.has(7, 'a') && room.has(7, 'b'));
  take(7, 'b');
  assert.ok(!room.has(7, 'c') && room.has(8, 'a'));
  take(8, 'a');
  assert.ok(!room.has(9, 'a'));
  for (const [business, from] of [[7, 'a'], [7, 'a'], [7, 'b'], [8, 'a']]) room.free({ business, from, text: '' });
  assert.deepEqual(room.used, { messages: 0, bytes: 0 });
  take(7, 'a', 'x'.repeat(6_000));
  assert.ok(!room.has(8, 'b'));
});

test('What a customer has no room for stays at WhatsApp, others go on, and it comes in order when there is room', async (t) => {
  const limit = { messages: 1_000, bytes: 1e9 };
  const room = new Room({ customer: { messages: 3, bytes: 1e9 }, business: limit, all: limit });
  const { api, service, whatsapp, say } = await connected(t, { times: { room: 50 }, room });
  api.answer = ({ from }) => (from === CUSTOMER ? 503 : 204);
  const flood = ['A', 'B', 'C', 'D', 'E', 'F'];
  for (const id of flood) await say(id);
  await say('other', OTHER);
  await until(() => api.texts().includes('other'));
  await until(() => whatsapp.undelivered.length === 3);
  assert.deepEqual(whatsapp.undelivered, ['D', 'E', 'F']);
  assert.match((await service.inState('degraded')).reason, /too much waits for the API: messages of 1 chats are left at WhatsApp/);
  assert.equal((await service.call('GET', '/sessions')).body.waiting.messages, 3);
  assert.deepEqual(service.logged('messages are left at WhatsApp: too much waits for the API').map(({ business, messageId }) => [business, messageId]), [[7, 'D']]);
  assert.equal((await service.send('reply', { to: OTHER })).status, 200);

  api.answer = 204;
  await until(() => flood.every((id) => api.texts().includes(id)));
  assert.deepEqual([...new Set(api.texts())], ['other', ...flood]);
  await until(() => whatsapp.undelivered.length === 0);
  await service.inState('connected');
});
