import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CustomerPhone, WireServer } from './fakes/wire-server.mjs';
import { setUp, until } from './fixture.mjs';
import { Store } from '../src/store.mjs';

const CUSTOMERS = [1, 2, 3].map((number) => `97254555000${number}@s.whatsapp.net`);

async function begin(t) {
  const context = await setUp(t);
  const whatsapp = await new WireServer().start();
  context.onEnd(() => whatsapp.stop());
  context.pair();
  return { ...context, whatsapp };
}

test('Killed between a message\'s arrival and the API\'s answer, the service delivers it after its restart', async (t) => {
  const { api, whatsapp, ...context } = await begin(t);
  const first = await context.process(whatsapp.url);
  await until(() => whatsapp.hasKeys);
  const phone = new CustomerPhone(CUSTOMERS[0]);
  api.answer = 'hang';
  whatsapp.deliver(await phone.write(whatsapp, 'M1', 'do not lose me'));
  await until(() => api.tries === 1 && whatsapp.undelivered.length === 0, 'it has arrived and is receipted');
  first.child.kill('SIGKILL');
  await first.exited;
  assert.deepEqual(api.messages, []);

  api.answer = 204;
  const second = await context.process(whatsapp.url);
  await until(() => api.messages.length === 1);
  assert.deepEqual(api.texts(), ['do not lose me']);
  await second.inState('connected');
  whatsapp.deliver(await phone.write(whatsapp, 'M2', 'and me'));
  await until(() => api.texts().includes('and me'));
});

test('Killed at random again and again, the service loses no message, and sends no reply under a second id', { timeout: 60_000 }, async (t) => {
  const { api, whatsapp, ...context } = await begin(t);
  const phones = CUSTOMERS.map((jid) => new CustomerPhone(jid));
  const written = [];
  let service = await context.process(whatsapp.url);
  await until(() => whatsapp.hasKeys);
  // Settings of the fakes that a crash meets: an API that answers late, refuses now and then, and a WhatsApp that goes on sending.
  api.answer = () => (Math.random() < 0.2 ? 503 : 204);

  for (let round = 0; round < 5; round++) {
    for (let each = 0; each < 6; each++) {
      const phone = phones[each % phones.length];
      const id = `R${round}-${each}`;
      written.push(id);
      whatsapp.deliver(await phone.write(whatsapp, id, id));
      service.send('reply', { to: phone.jid, messageId: `3EB0${id}` }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 15));
    }
    service.child.kill('SIGKILL');
    await service.exited;
    service = await context.process(whatsapp.url);
    await service.inState('connected');
  }
  await until(() => whatsapp.undelivered.length === 0, () => `WhatsApp still has ${whatsapp.undelivered}`);
  await until(() => written.every((id) => api.texts().includes(id)), () => `missing: ${written.filter((id) => !api.texts().includes(id))}`);

  // What is a repeat to the API is the same message by its id and content.
  for (const { messageId, text } of api.messages) assert.equal(messageId, text);
  for (const jid of CUSTOMERS) {
    const ofCustomer = [...new Set(api.messages.filter(({ from }) => from === jid).map(({ text }) => text))];
    assert.deepEqual(ofCustomer, written.filter((id) => ofCustomer.includes(id)), 'out of order');
  }
});

test('SIGTERM lets what is under way finish, refuses the rest, and exits with 0', async (t) => {
  const { whatsapp, ...context } = await begin(t);
  const service = await context.process(whatsapp.url);
  await service.inState('connected');
  await until(() => whatsapp.hasKeys);
  await service.send('warm', { messageId: 'warm' });
  whatsapp.answer = null;
  const underWay = service.send('last', { messageId: 'last' });
  const stanza = await until(() => whatsapp.received.find(({ tag, attrs }) => tag === 'message' && attrs.id === 'last'));
  const began = Date.now();
  service.child.kill('SIGTERM');
  const health = await until(async () => {
    const answer = await service.call('GET', '/healthz', { secret: null });
    return answer.status === 503 && answer;
  });
  assert.deepEqual(health.body, { status: 'stopping' });
  assert.equal((await service.send('too late')).status, 503);
  whatsapp.link.send({ tag: 'ack', attrs: { class: 'message', id: 'last', from: stanza.attrs.to } });
  assert.equal((await underWay).status, 200);
  assert.deepEqual(await service.exited, { code: 0, signal: null });
  assert.ok(Date.now() - began < 10_000);
});

test('SIGTERM while the API hangs leaves the message in the store for the next run', async (t) => {
  const { api, whatsapp, dataDir, ...context } = await begin(t);
  const service = await context.process(whatsapp.url);
  await until(() => whatsapp.hasKeys);
  api.answer = 'hang';
  whatsapp.deliver(await new CustomerPhone(CUSTOMERS[0]).write(whatsapp, 'S1', 'kept'));
  await until(() => api.tries === 1);
  const began = Date.now();
  service.child.kill('SIGTERM');
  assert.deepEqual(await service.exited, { code: 0, signal: null });
  assert.ok(Date.now() - began < 10_000);
  const store = Store.open(dataDir);
  assert.deepEqual(store.undeliveredMessages().map(({ messageId, text }) => [messageId, text]), [['S1', 'kept']]);
  store.close();
});

test('The log has no texts, no whole phone numbers and no secrets', async (t) => {
  const { api, whatsapp, ...context } = await begin(t);
  const service = await context.process(whatsapp.url, { LOG_LEVEL: 'debug' });
  await until(() => whatsapp.hasKeys);
  api.answer = () => (api.tries < 3 ? 500 : 204);
  whatsapp.deliver(await new CustomerPhone(CUSTOMERS[0]).write(whatsapp, 'Q1', 'a private matter'));
  await until(() => api.messages.length === 1);
  await service.send('a private answer', { to: CUSTOMERS[0] });
  whatsapp.link.close();
  await service.inState('connecting');
  const text = service.lines.join('\n');
  assert.match(text, /…001/);
  assert.doesNotMatch(text, /private|97254555|15550000|secret-of/);
});
