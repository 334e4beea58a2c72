import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Store } from '../src/store.mjs';
import { fillVolume } from './fakes/volume.mjs';
import { CustomerPhone } from './fakes/wire-server.mjs';
import { setUp, setUpConnected, until } from './fixture.mjs';

const CUSTOMER = '972545550001@s.whatsapp.net';
const LID = '972545550001@lid';
const OTHER = '972545550002@s.whatsapp.net';

async function connected(t) {
  const { whatsapp, service, ...context } = await setUpConnected(t);
  const phones = new Map([CUSTOMER, OTHER].map((jid) => [jid, new CustomerPhone(jid)]));
  const say = async (id, text, jid = CUSTOMER) => {
    whatsapp.deliver(await phones.get(jid).write(whatsapp, id, text));
    await until(() => !whatsapp.undelivered.includes(id), `${id} is receipted`);
  };
  const erase = (customers, business = 7) => service.call('POST', `/sessions/${business}/erasures`, { body: { customers } });
  return { ...context, whatsapp, service, say, erase, inFiles: (text) => inFiles(context.dataDir, text) };
}

/** The files of the volume that have the text. */
function inFiles(folder, text) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names.map(({ name, parentPath }) => path.join(parentPath, name)).filter((file) => readFileSync(file).includes(text));
}

for (const address of [CUSTOMER, LID]) {
  test(`An erasure by ${address.split('@')[1]} leaves no text of the customer in the volume's files, and all of others`, async (t) => {
    const { api, service, say, erase, inFiles } = await connected(t);
    api.answer = ({ text }) => (text.includes('refused') ? 400 : 503);
    await say('R1', 'SECRET refused');
    await say('W1', 'SECRET waiting');
    await say('W2', 'SECRET waiting behind');
    await say('O1', 'OTHERS waiting', OTHER);
    await service.send('SECRET answer', { to: CUSTOMER, messageId: 'S1' });
    await service.send('SECRET answer to the lid', { to: LID, messageId: 'S2' });
    await service.send('OTHERS answer', { to: OTHER, messageId: 'S3' });
    await until(async () => (await service.call('GET', '/sessions/7/refused')).body.refused.length === 1);
    assert.ok(inFiles('SECRET').length > 0);

    assert.equal((await erase([address])).status, 204);
    assert.deepEqual(inFiles('SECRET'), []);
    assert.ok(inFiles('OTHERS waiting').length > 0 && inFiles('OTHERS answer').length > 0);
    assert.deepEqual((await service.call('GET', '/sessions')).body.waiting.messages, 1);
    assert.deepEqual((await service.call('GET', '/sessions/7/refused')).body, { refused: [] });
    assert.equal(service.logged('texts of customers erased')[0].business, 7);
    assert.equal((await erase([address])).status, 204);

    // What was erased does not come to the API, and what comes now does.
    api.answer = 204;
    await say('N1', 'new');
    await until(() => api.texts().includes('new') && api.texts().includes('OTHERS waiting'));
    assert.deepEqual(api.texts().filter((text) => text.includes('SECRET')), []);
    await service.stopOnce();
    assert.deepEqual(inFiles('SECRET'), []);
  });
}

test('A message that is under way to the API when it is erased is not written back', async (t) => {
  for (const answer of [204, 503, 400]) {
    const { api, say, erase, inFiles, service, whatsapp } = await connected(t);
    let give;
    api.answer = () => new Promise((resolve) => (give = resolve));
    await say('U1', 'SECRET under way');
    await until(() => give);
    assert.equal((await erase([CUSTOMER])).status, 204);
    give(answer);
    api.answer = 204;
    await say('U2', 'next');
    await until(() => api.texts().includes('next'));
    await service.stopOnce();
    assert.deepEqual(inFiles('SECRET'), [], `after ${answer}`);
    assert.equal(api.tries, 2);
    await whatsapp.stop();
  }
});

test('After thousands of messages of all lengths nothing of an erased customer is left in any page', async (t) => {
  const { dataDir } = await setUp(t);
  const store = Store.open(dataDir);
  t.after(() => store.close());
  const text = (of, number) => `${of}-${'x'.repeat((number * 7919) % 9_000)}-${of}`;
  const message = (from, number) => ({ business: 7, from, messageId: `${from}${number}`, text: text(from, number) });
  for (let round = 0; round < 100; round++) {
    store.write(() => {
      for (let each = 0; each < 20; each++) {
        const number = round * 20 + each;
        const from = ['GONE', 'KEPT', 'ELSE'][number % 3];
        store.addMessage(message(from, number));
        store.setEntry(7, 'sent-text', `S${number}`, JSON.stringify({ to: from, text: text(from, number) }));
        if (number > 60 && number % 5) store.setDelivered(message(['GONE', 'KEPT', 'ELSE'][(number - 60) % 3], number - 60));
        if (number > 60) store.setEntry(7, 'sent-text', `S${number - 60}`, null);
      }
    });
  }
  const { eraseCustomers } = await import('../src/erasure.mjs');
  eraseCustomers(store, 7, new Set(['GONE']));
  const bytes = readFileSync(path.join(dataDir, 'whatsapp.db')).toString('latin1');
  assert.ok(bytes.includes('KEPT-x'));
  assert.doesNotMatch(bytes, /GONE-x|x-GONE/);
});

test('Without a session the messages that still wait are erased too, and nothing is no error', async (t) => {
  const { erase, service, inFiles } = await connected(t);
  service.store.write(() => service.store.addMessage({ business: 9, from: CUSTOMER, messageId: 'A', text: 'SECRET' }));
  assert.equal((await erase([CUSTOMER], 9)).status, 204);
  assert.deepEqual(inFiles('SECRET'), []);
  assert.equal((await erase([CUSTOMER, OTHER], 10)).status, 204);
  for (const customers of [undefined, [], ['x'], [7], 'x', Array.from({ length: 101 }, () => CUSTOMER)]) {
    const { status, body } = await erase(customers);
    assert.deepEqual([status, body.type], [422, 'urn:prosaas:problem:invalid-erasure']);
    assert.match(body.detail, /customers must be 1 to 100/);
  }
});

test('While the volume takes no writes an erasure is 503, and done when it is repeated', async (t) => {
  const { api, say, erase, inFiles } = await connected(t);
  api.answer = 503;
  await say('V1', 'SECRET');
  const volume = fillVolume(t);
  const { status, body } = await erase([CUSTOMER]);
  assert.deepEqual([status, body.type], [503, 'urn:prosaas:problem:not-stored']);
  volume.free();
  assert.equal((await erase([CUSTOMER])).status, 204);
  assert.deepEqual(inFiles('SECRET'), []);
});

test('A removed session takes its waiting messages and those put aside with it', async (t) => {
  const { api, service, say, inFiles } = await connected(t);
  api.answer = ({ text }) => (text.includes('refused') ? 400 : 503);
  await say('R1', 'SECRET refused');
  await say('W1', 'SECRET waiting');
  await service.send('SECRET answer', { to: CUSTOMER });
  assert.equal((await service.call('DELETE', '/sessions/7')).status, 204);
  assert.deepEqual(inFiles('SECRET'), []);
  const { sessions, waiting, refused } = (await service.call('GET', '/sessions')).body;
  assert.deepEqual({ sessions, waiting, refused }, { sessions: [], waiting: { messages: 0, bytes: 0 }, refused: [] });
  const [line] = service.logged('session logged out and removed on request');
  assert.equal(line.business, 7);
});
