import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fillVolume } from './fakes/volume.mjs';
import { CustomerPhone, WireServer } from './fakes/wire-server.mjs';
import { setUp, until } from './fixture.mjs';

const CUSTOMER = '972545550001@s.whatsapp.net';

async function begin(t, options) {
  const context = await setUp(t, options);
  const whatsapp = await new WireServer().start();
  context.onEnd(() => whatsapp.stop());
  return { ...context, whatsapp };
}

async function connected(t, options) {
  const context = await begin(t, options);
  context.pair();
  const service = await context.service(context.whatsapp.url);
  await service.inState('connected');
  return { ...context, service, startAgain: () => context.service(context.whatsapp.url) };
}

test('A new session shows the QR code as data, is paired by its scan, and restarts at once as WhatsApp asks', async (t) => {
  const { whatsapp, ...context } = await begin(t, { times: { backoff: { base: 60_000, cap: 60_000 } } });
  const service = await context.service(whatsapp.url);
  whatsapp.onLogin = (link) => whatsapp.showQr(link);
  const { status, body } = await service.call('POST', '/sessions/7');
  assert.deepEqual([status, body.state, body.phone], [202, 'connecting', null]);

  const { qr, phone } = await service.inState('pairing');
  assert.deepEqual(service.logged('QR code fetched').map(({ business }) => business), [7]);
  assert.match(qr, /#ref-1,/);
  assert.equal(phone, null);
  whatsapp.onLogin = null;
  whatsapp.onStanza = ({ content }) => content?.[0]?.tag === 'pair-device-sign' && whatsapp.streamError(515, 'restart');
  whatsapp.scan(qr, '972501234567:3@s.whatsapp.net', '900000:3@lid');

  const session = await service.inState('connected');
  assert.deepEqual([session.phone, session.qr, session.attempts], ['972501234567', null, 0]);
  assert.equal(whatsapp.connections, 2);
});

test('401 from WhatsApp stops the session for good, also over a restart of the service, until it is started again', async (t) => {
  const { whatsapp, service, ...context } = await connected(t);
  whatsapp.streamError(401);
  const session = await service.inState('logged_out');
  assert.match(session.reason, /401/);
  assert.equal((await service.send('anyone?')).status, 409);
  await service.stopOnce();

  const again = await context.startAgain();
  assert.equal((await again.session()).state, 'logged_out');
  assert.equal(whatsapp.connections, 1);
  whatsapp.onLogin = (link) => whatsapp.showQr(link);
  await again.call('POST', '/sessions/7');
  assert.equal((await again.inState('pairing')).phone, null);
});

test('A 401 of a proxy on the way is no log-out', async (t) => {
  const context = await begin(t);
  context.pair();
  const http = await import('node:http');
  let calls = 0;
  const proxy = http.createServer().on('upgrade', (_, socket) => {
    calls++;
    socket.on('error', () => {});
    socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  context.onEnd(() => new Promise((resolve) => proxy.close(resolve)));
  const service = await context.service(`ws://127.0.0.1:${proxy.address().port}`);
  await until(() => calls >= 2);
  assert.match((await service.session()).reason, /401/);
  assert.equal((await service.session()).state, 'connecting');
});

for (const [code, tag] of [[500, 'bad-session'], [503, 'unavailable'], [440, 'replaced']]) {
  test(`${code} from WhatsApp is answered by a new connection after a wait`, async (t) => {
    const { whatsapp, service } = await connected(t, { times: { replaced: 40 } });
    whatsapp.streamError(code, tag);
    const waiting = await service.inState('connecting');
    assert.match(waiting.reason, new RegExp(String(code)));
    await service.inState('connected');
    assert.equal(whatsapp.connections, 2);
  });
}

test('A connection that ends again and again is reported as a loop', async (t) => {
  const { whatsapp, ...context } = await begin(t, { times: { backoff: { base: 5, cap: 5 } } });
  context.pair();
  whatsapp.onLogin = (link) => link.close();
  const service = await context.service(whatsapp.url);
  const session = await service.inState('degraded');
  assert.match(session.reason, /again and again/);
  assert.ok(session.attempts >= 5);
  await until(() => context.api.sessions.some(({ state }) => state === 'degraded'));
});

test('A connection on which WhatsApp stays silent is forced to a new one', async (t) => {
  const { whatsapp, ...context } = await begin(t, { times: { stuck: 300 } });
  context.pair();
  whatsapp.onLogin = () => {};
  const service = await context.service(whatsapp.url);
  await until(() => whatsapp.connections >= 2);
  whatsapp.onLogin = null;
  await service.inState('connected');
});

test('Messages that are never acknowledged time out, and three of them force a new connection', async (t) => {
  const { whatsapp, service } = await connected(t, { times: { send: 500 } });
  await service.send('warm', { messageId: 'warm' });
  whatsapp.answer = null;
  for (const messageId of ['t1', 't2', 't3']) {
    const { status, body } = await service.send('silence', { messageId });
    assert.deepEqual([status, body.type], [503, 'urn:prosaas:problem:timed-out']);
  }
  await until(() => whatsapp.connections === 2);
  await service.inState('connected');
  whatsapp.answer = 'ack';
  await until(async () => (await service.send('silence', { messageId: 't1' })).status === 200);
});

test('A message that WhatsApp refuses is answered with what is wrong', async (t) => {
  const { whatsapp, service } = await connected(t);
  whatsapp.answer = 463;
  const { status, body } = await service.send('hello');
  assert.equal(status, 422);
  assert.match(body.detail, /463/);
});

test('WhatsApp is asked for a contact\'s privacy token once, not with every message', async (t) => {
  const { whatsapp, service } = await connected(t);
  for (const id of ['3EB0AAAA', '3EB0BBBB', '3EB0CCCC']) assert.equal((await service.send('We open at nine.', { to: CUSTOMER, messageId: id })).status, 200);
  await until(() => whatsapp.received.filter(({ tag }) => tag === 'message').length === 3);
  assert.equal(whatsapp.received.filter(({ attrs }) => attrs.xmlns === 'privacy' && attrs.type === 'set').length, 1);
});

test('A restart on request makes a new connection, a removal logs out and leaves nothing', async (t) => {
  const { whatsapp, service } = await connected(t);
  assert.equal((await service.call('POST', '/sessions/7/restart')).status, 202);
  assert.deepEqual(service.logged('session restarted on request').map(({ business }) => business), [7]);
  await until(() => whatsapp.connections === 2);
  await service.inState('connected');
  assert.equal((await service.call('DELETE', '/sessions/7')).status, 204);
  assert.ok(whatsapp.received.some(({ content }) => content?.[0]?.tag === 'remove-companion-device'));
  assert.equal((await service.call('GET', '/sessions/7')).status, 404);
  assert.equal((await service.call('DELETE', '/sessions/7')).status, 404);
  assert.deepEqual((await service.call('GET', '/sessions')).body.sessions, []);
});

test('Encrypted messages of customers\' phones come through; own messages, reactions and status updates do not', async (t) => {
  const { whatsapp, api } = await connected(t);
  await until(() => whatsapp.hasKeys);
  const phone = new CustomerPhone(CUSTOMER);
  const deliver = async (...args) => whatsapp.deliver(await phone.write(whatsapp, ...args));
  await deliver('E1', 'שלום');
  await deliver('E2', { reactionMessage: { text: '👍', key: { id: 'x', remoteJid: CUSTOMER } } });
  await deliver('E3', { imageMessage: { caption: 'look', mimetype: 'image/jpeg' } });
  await deliver('E4', { ephemeralMessage: { message: { extendedTextMessage: { text: 'vanishing' } } } });
  await deliver('E5', { protocolMessage: { type: 0, key: { id: 'E1' } } });
  const owner = new CustomerPhone('15550000000@s.whatsapp.net');
  whatsapp.deliver(await owner.write(whatsapp, 'E6', { deviceSentMessage: { destinationJid: CUSTOMER, message: { conversation: 'mine' } } }, { recipient: CUSTOMER }));
  whatsapp.deliver(await new CustomerPhone(CUSTOMER).write(whatsapp, 'E7', 'status', { from: 'status@broadcast', participant: CUSTOMER }));
  await until(() => whatsapp.undelivered.length === 0, () => `all are receipted, not ${whatsapp.undelivered}`);
  const refused = whatsapp.received.filter(({ tag, attrs }) => tag === 'ack' && attrs.error).map(({ attrs }) => attrs.id);
  assert.deepEqual(refused, ['E7']);
  await until(() => api.messages.length >= 3);
  assert.deepEqual(
    api.messages.map(({ messageId, kind, text, mediaType }) => [messageId, kind, text, mediaType]),
    [
      ['E1', 'text', 'שלום', null],
      ['E3', 'media', 'look', 'image'],
      ['E4', 'text', 'vanishing', null]
    ]
  );
});

test('A customer who writes under a lid is named by the phone number where WhatsApp gives it', async (t) => {
  const { whatsapp, api } = await connected(t);
  await until(() => whatsapp.hasKeys);
  whatsapp.deliver(await new CustomerPhone('55501@lid').write(whatsapp, 'L1', 'known', { sender_pn: CUSTOMER }));
  whatsapp.deliver(await new CustomerPhone('55502@lid').write(whatsapp, 'L2', 'unknown'));
  await until(() => api.messages.length === 2);
  assert.deepEqual(api.messages.map(({ from }) => from).sort(), ['55502@lid', CUSTOMER]);
});

test('Nothing of a message is acknowledged, and its keys are kept, while it can be stored nowhere', async (t) => {
  const { whatsapp, api, service } = await connected(t);
  await until(() => whatsapp.hasKeys);
  const phone = new CustomerPhone(CUSTOMER);
  // The volume takes nothing, and neither does the API.
  const volume = fillVolume(t);
  api.answer = 503;
  whatsapp.deliver(await phone.write(whatsapp, 'H1', 'held back'));
  await until(() => api.tries >= 2);
  assert.deepEqual(whatsapp.undelivered, ['H1']);
  assert.match((await service.session()).reason, /SQLITE_IOERR_WRITE/);

  // The connection is lost meanwhile: WhatsApp sends the message again, and it can still be decrypted.
  whatsapp.link.close();
  await until(() => whatsapp.connections === 2);
  api.answer = 204;
  volume.free();
  await until(() => whatsapp.undelivered.length === 0);
  await until(() => api.messages.length >= 1);
  assert.deepEqual(new Set(api.texts()), new Set(['held back']));
  whatsapp.deliver(await phone.write(whatsapp, 'H2', 'next'));
  await until(() => api.texts().includes('next'));
});

test('A crash while a message is being stored leaves its keys as they were: it comes again and can be read', async (t) => {
  const { whatsapp, api, service, folder, dataDir, startAgain, useDataDir } = await connected(t);
  await until(() => whatsapp.hasKeys);
  const volume = fillVolume(t);
  api.answer = 503;
  whatsapp.deliver(await new CustomerPhone(CUSTOMER).write(whatsapp, 'C1', 'still to be read'));
  await until(() => api.tries >= 1);
  // What a crash would find on the disk; the service that goes on meanwhile is none of it.
  volume.free();
  cpSync(dataDir, path.join(folder, 'crashed'), { recursive: true });
  volume.fill();
  whatsapp.onStanza = () => true;
  await service.stopOnce();
  volume.free();
  whatsapp.onStanza = () => false;
  assert.deepEqual(whatsapp.undelivered, ['C1']);

  api.answer = 204;
  useDataDir(path.join(folder, 'crashed'));
  await startAgain();
  await until(() => api.messages.length === 1);
  assert.deepEqual(api.texts(), ['still to be read']);
});

test('What waited at WhatsApp is not overtaken by what comes in after', async (t) => {
  const { whatsapp, api, service } = await connected(t);
  await until(() => whatsapp.hasKeys);
  const phone = new CustomerPhone(CUSTOMER);
  const live = [];
  whatsapp.onLogin = (link) => {
    whatsapp.welcome(link);
    for (const node of live) whatsapp.deliver(node);
  };
  whatsapp.streamError(503);
  await service.inState('connecting');
  for (const text of ['1', '2', '3', '4']) whatsapp.deliver(await phone.write(whatsapp, `O${text}`, text));
  for (const text of ['5', '6']) live.push(await phone.write(whatsapp, `O${text}`, text));
  await until(() => api.messages.length === 6);
  assert.deepEqual(api.texts(), ['1', '2', '3', '4', '5', '6']);
});
