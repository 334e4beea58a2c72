import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWhatsApp } from './fakes/whatsapp.mjs';
import { OWNER, SECRET, setUp, until } from './fixture.mjs';

const CUSTOMER = '972545550001@s.whatsapp.net';
const from = (jid, rest) => ({ chatJid: jid, senderJid: jid, pushName: 'Dana', ...rest });

async function connected(t) {
  const context = await setUp(t);
  const whatsapp = await startWhatsApp(context.folder);
  context.onEnd(() => whatsapp.close());
  context.pair();
  const service = await context.service(whatsapp.url);
  await service.inState('connected');
  return { ...context, whatsapp, service };
}

test('A customer\'s text reaches the API with everything it needs, and only then is it receipted', async (t) => {
  const { api, whatsapp } = await connected(t);
  await whatsapp.inject(from(CUSTOMER, { text: 'When do you open?', messageId: 'IN1' }));
  const [message] = await until(() => api.messages.length === 1 && api.messages);
  const { sentAt, ...rest } = message;
  assert.deepEqual(rest, {
    business: 7,
    messageId: 'IN1',
    from: CUSTOMER,
    name: 'Dana',
    kind: 'text',
    text: 'When do you open?',
    mediaType: null
  });
  assert.match(sentAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual([...api.authorization], [`Bearer ${SECRET}`]);
  await until(() => whatsapp.receipts().includes('IN1'));
});

test('A reply is recorded by WhatsApp under the id that the API gave it, and a repeat is not a second message', async (t) => {
  const { service, whatsapp } = await connected(t);
  const first = await service.send('We open at nine.', { messageId: '3EB0AAAA' });
  assert.deepEqual([first.status, first.body], [200, { messageId: '3EB0AAAA' }]);
  const repeats = await Promise.all([service.send('We open at nine.', { messageId: '3EB0AAAA' }), service.send('Bye', { messageId: '3EB0BBBB' })]);
  assert.deepEqual(repeats.map(({ status }) => status), [200, 200]);
  assert.deepEqual(whatsapp.sent(), [
    { to: CUSTOMER, id: '3EB0AAAA', text: 'We open at nine.' },
    { to: CUSTOMER, id: '3EB0BBBB', text: 'Bye' }
  ]);
});

test('Groups are ignored, a voice message is passed on as media', async (t) => {
  const { api, whatsapp } = await connected(t);
  await whatsapp.inject({ chatJid: '120363000000000001@g.us', senderJid: CUSTOMER, text: 'Hello all', messageId: 'GROUP' });
  await whatsapp.inject(from(CUSTOMER, { audio: { contentBase64: 'AAAA', mimeType: 'audio/ogg', ptt: true }, messageId: 'VOICE' }));
  await until(() => api.messages.length > 0);
  assert.deepEqual(
    api.messages.map(({ messageId, kind, mediaType, text }) => ({ messageId, kind, mediaType, text })),
    [{ messageId: 'VOICE', kind: 'media', mediaType: 'audio', text: null }]
  );
});

test('WhatsApp goes away and comes back: the session follows, and no message is lost', async (t) => {
  const { api, folder, whatsapp, service, onEnd } = await connected(t);
  await whatsapp.inject(from(CUSTOMER, { text: 'before', messageId: 'B1' }));
  await until(() => api.messages.length === 1);
  await whatsapp.close();
  await service.inState('connecting');
  const refused = await service.send('too early');
  assert.deepEqual([refused.status, refused.body.type], [409, 'urn:prosaas:problem:not-connected']);

  const again = await startWhatsApp(folder, { port: whatsapp.port });
  onEnd(() => again.close());
  await again.inject(from(CUSTOMER, { text: 'meanwhile', messageId: 'B2' }));
  await service.inState('connected');
  await until(() => api.messages.length === 2);
  assert.deepEqual(api.texts(), ['before', 'meanwhile']);
  assert.equal((await service.send('Here again')).status, 200);
  assert.deepEqual(
    api.sessions.map(({ state }) => state).filter((state, at, all) => state !== all[at - 1]),
    ['connecting', 'connected', 'connecting', 'connected']
  );
  assert.ok(api.sessions.every((session) => !('qr' in session) && session.business === 7 && session.since));
  assert.equal(api.sessions.at(-1).phone, OWNER);
});

test('The same message from WhatsApp twice is never lost and comes to the API at least once', async (t) => {
  const { api, folder, whatsapp, service, onEnd } = await connected(t);
  await whatsapp.inject(from(CUSTOMER, { text: 'twice', messageId: 'D1' }));
  await until(() => api.messages.length === 1);
  await whatsapp.close();
  const again = await startWhatsApp(folder, { port: whatsapp.port });
  onEnd(() => again.close());
  await service.inState('connected');
  await again.inject(from(CUSTOMER, { text: 'twice', messageId: 'D1' }));
  await again.inject(from(CUSTOMER, { text: 'next', messageId: 'D2' }));
  await until(() => again.receipts().includes('D1') && again.receipts().includes('D2'));
  await until(() => api.texts().includes('next'));
  assert.deepEqual([...new Set(api.texts())], ['twice', 'next']);
});

test('While the API is down messages are kept, and come in order when it is back', async (t) => {
  const { api, whatsapp } = await connected(t);
  const texts = [];
  const say = async (text) => {
    texts.push(text);
    await whatsapp.inject(from(CUSTOMER, { text, messageId: `K-${text}` }));
    await until(() => whatsapp.receipts().includes(`K-${text}`), `${text} is receipted`);
  };
  await api.stop();
  await say('refused');
  api.answer = 503;
  await api.start();
  await until(() => api.tries > 0);
  await say('unavailable');
  api.answer = 'hang';
  const tries = api.tries;
  await until(() => api.tries > tries);
  await say('hanging');
  assert.deepEqual(api.messages, []);

  // The call that hangs is cut, as it would be by its timeout.
  await api.stop();
  api.answer = 204;
  await api.start();
  await until(() => api.messages.length === 3, 'all three have come');
  assert.deepEqual(api.texts(), texts);
});

test('A message that the API will never take is put aside, and one it puts off holds up no other customer', async (t) => {
  const { api, whatsapp } = await connected(t);
  const other = '972545550002@s.whatsapp.net';
  const tries = [];
  api.answer = ({ text }) => {
    if (text === 'later') tries.push(Date.now());
    return { bad: 400, later: tries.length > 1 ? 204 : 429 }[text] ?? 204;
  };
  api.headers = { 'retry-after': '1' };
  for (const [at, text] of ['bad', 'good', 'later', 'behind'].entries()) await whatsapp.inject(from(CUSTOMER, { text, messageId: `N${at}` }));
  await whatsapp.inject(from(other, { text: 'other', messageId: 'N5' }));
  await until(() => api.messages.length === 4);
  assert.deepEqual(api.texts().filter((text) => text !== 'other'), ['good', 'later', 'behind']);
  assert.ok(api.texts().indexOf('other') < api.texts().indexOf('later'), 'another customer was held up');
  assert.ok(tries[1] - tries[0] >= 990, 'Retry-After was not honoured');
});
