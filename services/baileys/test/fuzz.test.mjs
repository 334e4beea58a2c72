import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { test } from 'node:test';
import { proto } from 'baileys';
import { CustomerPhone } from './fakes/wire-server.mjs';
import { OWNER, SECRET, setUpConnected, until } from './fixture.mjs';

/*
 * Generated trials. A run prints its seed; PROSAAS_FUZZ_SEED repeats it, PROSAAS_FUZZ_COUNT makes it longer: so many HTTP
 * requests, and a quarter as many stanzas.
 */
const SEED = Number(process.env.PROSAAS_FUZZ_SEED ?? randomBytes(4).readUInt32BE());
const COUNT = Number(process.env.PROSAAS_FUZZ_COUNT ?? 2_000);
const SLOWEST = 2_000;
const CUSTOMER = '972545550001@s.whatsapp.net';

/** Small and quick, and the same everywhere (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  return { next, below, pick, chance: (share) => next() < share, bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))) };
}

const ODD_TEXTS = ['', ' ', '\0', 'x\ud83d', '\udc00', 'x', 'שלום', '👨‍👩‍👧‍👦', '\u202ea', '\r\n', "'; DROP TABLE x--", '__proto__', '%00', '../..', '\u009b2J', 'e\u0301'.repeat(50)];
const JIDS = [CUSTOMER, '123456789@lid', '1@g.us', 'status@broadcast', '@', 'x@s.whatsapp.net', '5'.repeat(30) + '@lid', '972545550001:3@s.whatsapp.net', '1@newsletter'];
/** The fake cannot write an address of two empty parts. */
const STANZA_JIDS = JIDS.filter((jid) => jid !== '@');

function oddText(random) {
  return random.chance(0.05) ? random.pick(ODD_TEXTS).padEnd(random.below(70_000), 'ä') : random.pick(ODD_TEXTS);
}

function oddValue(random, depth = 0) {
  const kinds = [
    () => null,
    () => random.chance(0.5),
    () => random.pick([0, -1, 1e308, 7, 0.1, 2 ** 53]),
    () => oddText(random),
    () => random.pick(JIDS),
    () => Array.from({ length: random.below(4) }, () => oddValue(random, depth + 1)),
    () => Object.fromEntries(Array.from({ length: random.below(4) }, () => [random.pick([...ODD_TEXTS, 'to', 'text', 'messageId', 'constructor']), oddValue(random, depth + 1)]))
  ];
  return kinds[random.below(depth > 3 ? 5 : kinds.length)]();
}

function body(random) {
  const json = (value) => Buffer.from(JSON.stringify(value));
  const message = { to: CUSTOMER, text: 'x', messageId: '3EB0' };
  const kinds = [
    () => Buffer.alloc(0),
    () => json(oddValue(random)),
    () => json({ ...message, [random.pick(['to', 'text', 'messageId', 'x'])]: oddValue(random) }),
    () => json({ customers: random.chance(0.5) ? [random.pick(JIDS), random.pick(JIDS)] : oddValue(random) }),
    () => random.bytes(random.below(200)),
    () => Buffer.from('['.repeat(random.below(60_000))),
    () => Buffer.from(`{"text":"\\ud83d","to":"${CUSTOMER}","messageId":"${random.pick(['A', '\\u0000', 'a b'])}"}`),
    () => Buffer.alloc(random.below(80_000), 'x')
  ];
  return random.pick(kinds)();
}

/** A request as its bytes, so that it may be none; most of them are nearly right, or they would not come far. */
function request(random) {
  const method = random.chance(0.9) ? random.pick(['GET', 'POST', 'POST', 'DELETE']) : random.pick(['PUT', 'PATCH', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE', 'get', 'CONNECT', 'X\0']);
  // Business 7 is the one that must not change; what may be done to others may be done.
  const business = random.pick(['7', '8', '8', '9', '0', '07', '-1', '1e3', '%00', '7%00', '7%2500', '%', '%zz', '%ff', '٧', '9'.repeat(15), '9'.repeat(17), '9'.repeat(3_000), '7%2F', '..', "7'", '7;x']);
  const under = random.pick(['', '', '/messages', '/messages', '/messages', '/erasures', '/erasures', '/refused', '/restart', '/', '/%00', '/messages%00', '//', '/messages/x', '?x=%00', '#']);
  const target = random.chance(0.85) ? `/sessions/${business}${under}` : random.pick(['/', '*', '/healthz', '/sessions', '/sessions?%00', '//x', '/%', '/%c0%af', 'http://[', 'http://x/sessions', '/sessions\0', '/' + 'a'.repeat(20_000)]);
  const content = body(random);
  const headers = [
    ['Host', random.pick(['x', 'x', 'x', '', '[', 'x:99999'])],
    random.chance(0.9) ? ['Authorization', `Bearer ${SECRET}`] : ['Authorization', random.pick(['', 'Bearer', 'Basic eDp5', `Bearer ${SECRET}x`, 'Bearer \u00ff', 'Bearer ' + 'x'.repeat(5_000)])],
    random.chance(0.7) ? ['Content-Type', random.pick(['application/json', 'text/plain', 'application/json; charset=utf-16', 'x', ';', '', 'multipart/form-data'])] : null,
    random.chance(0.85) ? ['Content-Length', `${content.length}`] : random.pick([['Content-Length', random.pick(['-1', '1', '99999999', 'x', '1e3', ''])], ['Transfer-Encoding', random.pick(['chunked', 'gzip', 'x'])], null]),
    random.chance(0.1) ? random.pick([['Expect', '100-continue'], ['Expect', 'x'], ['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ['X', 'y'.repeat(20_000)], ['Content-Encoding', 'gzip'], ['Accept-Version', '1.x']]) : null
  ].filter(Boolean);
  const head = `${method} ${target} HTTP/${random.chance(0.97) ? '1.1' : random.pick(['1.0', '2.0', '9'])}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const chunked = headers.some(([, value]) => value === 'chunked');
  const framed = chunked && random.chance(0.7) ? Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n0\r\n\r\n')]) : content;
  return { method, target, bytes: Buffer.concat([Buffer.from(head, 'utf8'), framed]) };
}

/** Sends the bytes and the end; returns what came back, and how long (ms) after that. */
function exchange(port, bytes) {
  return new Promise((resolve) => {
    const began = Date.now();
    let text = '';
    const socket = net.createConnection({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.end(bytes));
    const done = (ended) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, ended, ms: Date.now() - began });
    };
    const timer = setTimeout(done, 5 * SLOWEST, false);
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => done(true));
    socket.on('close', () => done(true));
    socket.on('end', () => done(true));
  });
}

const statusesOf = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) [^\r]*\r\n/g)].map(([, status]) => Number(status));
const problemsOf = (text) => [...text.matchAll(/"type":"urn:prosaas:problem:([\w-]+)"/g)].map(([, type]) => type);
const DOCUMENTED_503 = new Set(['not-stored', 'not-removed', 'timed-out', 'not-sent']);

test(`Generated HTTP requests: no 5xx but the documented, none slow, nothing changed by a 4xx (PROSAAS_FUZZ_SEED=${SEED})`, { timeout: Infinity }, async (t) => {
  t.diagnostic(`PROSAAS_FUZZ_SEED=${SEED} PROSAAS_FUZZ_COUNT=${COUNT}`);
  const random = generator(SEED);
  const { service } = await setUpConnected(t);
  const seen = new Map();
  const state = () => JSON.stringify([service.sessions.list(), service.store.businesses()]);
  for (let number = 0; number < COUNT; number++) {
    // Removing and starting are for businesses that nothing else is shown with; their states change by themselves.
    const each = request(random);
    const pipelined = random.chance(0.05) ? [request(random), request(random)] : [];
    const all = [each, ...pipelined];
    if (all.some(({ bytes }) => /^(DELETE \S*sessions\/7[ ?#;]|POST \S*sessions\/7\/restart|POST \S*sessions\/\d+[ ?#;])/.test(bytes.subarray(0, 200).toString('latin1')))) continue;
    const garbage = random.chance(0.03) ? random.bytes(random.below(300)) : Buffer.alloc(0);
    const before = state();
    const { text, ended, ms } = await exchange(service.port, Buffer.concat([...all.map(({ bytes }) => bytes), garbage]));
    const what = `request ${number}: ${JSON.stringify(each.bytes.subarray(0, 300).toString('latin1'))} → ${text.slice(0, 400)}`;
    assert.ok(ended && ms < SLOWEST, `${ms} ms for ${what}`);
    const statuses = statusesOf(text);
    for (const status of statuses) seen.set(status, (seen.get(status) ?? 0) + 1);
    if (statuses.some((status) => status >= 500)) assert.ok(problemsOf(text).some((type) => DOCUMENTED_503.has(type)), what);
    if (statuses.every((status) => status >= 400)) assert.equal(state(), before, what);
  }
  t.diagnostic([...seen].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`).join(', '));
  assert.equal(service.logged('request failed').length, 0);
  assert.equal((await service.session()).state, 'connected');
});

/** Bytes in the form of a protobuf message, of any fields with any values. */
function wire(random, depth = 0) {
  const varint = (value) => {
    const bytes = [];
    for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
      bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
      if (rest <= 127n) return Buffer.from(bytes);
    }
  };
  const delimited = (bytes) => Buffer.concat([varint(bytes.length), bytes]);
  const values = [
    [0, () => varint(random.pick([0, 1, -1, 25, 2 ** 31, random.below(2 ** 32)]))],
    [1, () => random.bytes(8)],
    [2, () => delimited(depth > 6 ? Buffer.alloc(0) : wire(random, depth + 1))],
    [2, () => delimited(depth > 6 ? Buffer.alloc(0) : wire(random, depth + 1))],
    [2, () => delimited(Buffer.from(oddText(random)))],
    [2, () => delimited(random.bytes(random.below(40)))],
    [5, () => random.bytes(4)]
  ];
  const fields = Array.from({ length: 1 + random.below(4) }, () => {
    const [type, value] = random.pick(values);
    // The fields that this service and Baileys look into, often.
    const field = random.chance(0.6) ? random.pick([1, 2, 3, 6, 7, 8, 9, 12, 16, 17, 18, 31, 35, 37, 40, 46, 53, 55, 58, 62, 99]) : 1 + random.below(130);
    return Buffer.concat([varint(field * 8 + type), value()]);
  });
  return Buffer.concat(fields);
}

/** A message with fields by their names, of values that fit them or not; null where protobuf itself has no bytes for it. */
function named(random) {
  const names = Object.keys(proto.Message.prototype).filter((name) => name !== 'toJSON');
  const value = (name, depth) => {
    const type = proto.Message[name[0].toUpperCase() + name.slice(1)];
    if (!type?.prototype || depth > 3) return oddValue(random);
    const inner = Object.keys(type.prototype).filter((each) => each !== 'toJSON');
    return Object.fromEntries(Array.from({ length: 1 + random.below(4) }, () => random.pick(inner)).map((each) => [each, value(each, depth + 1)]));
  };
  const wrap = (content, depth = 0) => (depth < 4 && random.chance(0.2) ? { [random.pick(['ephemeralMessage', 'viewOnceMessage', 'editedMessage', 'documentWithCaptionMessage', 'deviceSentMessage'])]: { message: wrap(content, depth + 1) } } : content);
  const one = random.chance(0.3) ? { conversation: oddText(random) } : { [random.pick(names)]: null };
  for (const name of Object.keys(one)) one[name] ??= value(name, 0);
  try {
    return Buffer.from(proto.Message.encode(proto.Message.fromObject(wrap(one))).finish());
  } catch {
    return null;
  }
}

const seconds = () => String(Math.floor(Date.now() / 1_000));

/**
 * WhatsApp itself writes these: with other ones Baileys moves a phone's Signal session to another address, and the fake's phones
 * do not begin one anew when they are asked to, as real ones do.
 */
function withoutMapping({ sender_lid: _lid, sender_pn: _pn, ...attrs }) {
  return attrs;
}

async function stanza(random, whatsapp, phone, id) {
  const content = random.pick([() => wire(random), () => named(random), () => named(random), () => random.bytes(random.below(100)), () => Buffer.alloc(0)])() ?? wire(random);
  const attrs = random.chance(0.7) ? {} : {
    [random.pick(['t', 'notify', 'type', 'participant', 'recipient', 'category', 'sender_lid', 'sender_pn', 'offline', 'addressing_mode', 'edit', 'x'])]:
      random.pick(['', '0', '-1', 'NaN', '99999999999999', 'peer', 'lid', 'text', `${OWNER}@s.whatsapp.net`, ...STANZA_JIDS, ...ODD_TEXTS])
  };
  if (random.chance(0.5)) return phone.write(whatsapp, id, '', withoutMapping(attrs), content);
  // A plain stanza may have odd addresses and ids too: nothing has to be decrypted.
  const part = random.pick(['plaintext', 'plaintext', 'plaintext', 'enc', 'unavailable', 'verified_name', 'x']);
  const all = { id, from: random.chance(0.7) ? `${972_545_560_000 + random.below(50)}@s.whatsapp.net` : random.pick(STANZA_JIDS), type: 'text', t: seconds(), ...attrs };
  return {
    tag: 'message',
    attrs: Object.values(all).some((value) => value.startsWith('972545550001')) ? withoutMapping(all) : all,
    content: random.chance(0.95) ? [{ tag: part, attrs: random.pick([{}, { type: 'msg', v: '2' }, { type: 'pkmsg' }, { type: 'msmsg' }, { type: 'skmsg' }, { type: 'x', count: 'x' }]), content }] : undefined
  };
}

test(`Generated stanzas: no crash, and a plain message after each batch still arrives (PROSAAS_FUZZ_SEED=${SEED})`, { timeout: Infinity }, async (t) => {
  const random = generator(SEED + 1);
  const { api, whatsapp, service } = await setUpConnected(t);
  const odd = new CustomerPhone('972545550009@s.whatsapp.net');
  const plain = new CustomerPhone(CUSTOMER);
  // Some of what comes the API refuses, as it may.
  api.answer = ({ text }) => (text?.startsWith('after batch') || random.chance(0.9) ? 204 : random.pick([400, 413, 422]));
  const BATCH = 25;
  for (let batch = 0; batch * BATCH < COUNT / 4; batch++) {
    for (let each = 0; each < BATCH; each++) {
      const id = random.chance(0.9) ? `F${batch}-${each}` : random.pick([...ODD_TEXTS, 'i'.repeat(500)]) + each;
      whatsapp.deliver(await stanza(random, whatsapp, odd, id));
    }
    for (const [number, phone] of [odd, plain].entries()) {
      whatsapp.deliver(await phone.write(whatsapp, `P${batch}-${number}`, `after batch ${batch}-${number}`));
      await until(() => api.texts().includes(`after batch ${batch}-${number}`), `the message of ${number} after batch ${batch} (PROSAAS_FUZZ_SEED=${SEED})`);
    }
    const started = Date.now();
    assert.equal((await service.session()).state, 'connected', `after batch ${batch}`);
    assert.ok(Date.now() - started < SLOWEST);
  }
  await until(() => service.delivery.counts().waiting.messages === 0);
  for (const message of api.messages) {
    assert.ok(JSON.stringify(message).isWellFormed() && !JSON.stringify(message).includes('\\u0000') && !JSON.stringify(message).includes('\\ud8'));
    assert.match(message.messageId, /^[\x21-\x7e]{1,128}$/);
    assert.match(message.from, /^[^\s@]+@[a-z.]+$/);
    assert.ok((message.name?.length ?? 0) <= 100 && (message.text?.length ?? 0) <= 65_536);
    assert.match(message.sentAt, /^20\d\d-/);
  }
  assert.equal(whatsapp.connections, 1, 'the connection was given up');
  t.diagnostic(`${api.messages.length} messages, ${service.logged('message cannot be read').length} not readable`);
});
