import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { messageIdOf } from '../../src/inbound.mjs';
import { silenceConsole } from '../../src/log.mjs';
import { Store } from '../../src/store.mjs';
import { CustomerPhone, WireServer, WireSwitch } from '../fakes/wire-server.mjs';
import { pair, until } from '../fixture.mjs';

/*
 * WhatsApp and the customers' phones for `bench/whatsapp-soak`, which kills the API and the service meanwhile. Pairs the
 * businesses in the service's volume, prints WhatsApp's address, sends as soon as all businesses are there, and prints
 * what the customers have seen as one line of JSON.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    businesses: { type: 'string' },
    messages: { type: 'string' },
    customers: { type: 'string', default: '5' },
    rate: { type: 'string', default: '50' },
    'warm-up': { type: 'string', default: '0' },
    timeout: { type: 'string', default: '120' }
  }
});
const [BUSINESSES, MESSAGES, CUSTOMERS, RATE, TIMEOUT] = [values.businesses, values.messages, values.customers, values.rate, values.timeout].map(Number);
// Answered and judged like all, but not timed: keys are fetched, and the programs are compiled.
const WARM_UP = Number(values['warm-up']);

silenceConsole();
const number = (business) => `${1_555_000_000 + business}`;
const servers = new Map();
const store = Store.open(values.data);
for (let business = 1; business <= BUSINESSES; business++) {
  pair(store, business, { id: `${number(business)}:1@s.whatsapp.net`, lid: `${900_000 + business}:1@lid`, name: 'Shop' });
  servers.set(number(business), Object.assign(new WireServer(), { business, preKeyCount: 0 }));
}
store.close();

/** As the API derives the id of an answer from the message it answers. */
function replyId(business, from, id) {
  return `3EB0${createHash('sha256').update(`${business}:whatsapp:${from}:${messageIdOf(id)}`).digest('hex').slice(0, 18).toUpperCase()}`;
}

// What a customer may write that is hard to take; whether there can be an answer. There is none to one of nothing.
const POISON = [
  { id: 'half', text: 'x\ud83d', answered: true },
  { id: 'low', text: '\ude00 first', answered: true },
  { id: 'nul', text: 'a\0b', answered: true },
  { id: 'controls', text: '\u0007\u001b[31m\ufffe', answered: true },
  { id: 'odd %00 \u{1F4AC}/', text: 'an odd id', answered: true },
  { id: 'long', text: 'x'.repeat(70_000), answered: true },
  { id: 'empty', text: '', answered: false },
  { id: 'blank', text: ' \0 ', answered: false }
];
const POISON_EVERY = 25;

const sent = new Map();
const seen = new Map();
const poison = new Map();
const latest = new Map();
let strange = 0;
let repeated = 0;
let disordered = 0;
for (const server of servers.values()) {
  server.onStanza = ({ tag, attrs }) => {
    if (tag !== 'message') return false;
    const message = sent.get(attrs.id);
    if (poison.has(attrs.id)) poison.get(attrs.id).isSeen = true;
    else if (!message) strange++;
    else if (seen.has(attrs.id)) repeated++;
    else {
      seen.set(attrs.id, message.number < WARM_UP ? null : performance.now() - message.at);
      if ((latest.get(message.phone) ?? -1) > message.number) disordered++;
      latest.set(message.phone, message.number);
    }
    return false;
  };
}

process.stdout.write(`${await new WireSwitch(servers).start()}\n`);
await until(() => [...servers.values()].every(({ link, hasKeys }) => link && hasKeys), 'all businesses are connected', TIMEOUT * 1_000);
process.stdout.write('begun\n');

const phones = [...servers.values()].flatMap((server) =>
  Array.from({ length: CUSTOMERS }, (_, each) => ({ server, phone: new CustomerPhone(`${972_545_000_000 + server.business * 100 + each}@s.whatsapp.net`), turn: Promise.resolve() }))
);
let start = performance.now();
for (let index = 0; index < MESSAGES; index++) {
  if (index === WARM_UP) {
    await until(() => seen.size === WARM_UP, 'the messages of the warm-up are answered', TIMEOUT * 1_000);
    start = performance.now() - (index * 1_000) / RATE;
  }
  const wait = start + (index * 1_000) / RATE - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  const customer = phones[index < WARM_UP ? index % phones.length : Math.floor(Math.random() * phones.length)];
  const { server, phone } = customer;
  // A phone encrypts one message after the other.
  customer.turn = customer.turn.then(async () => {
    const node = await phone.write(server, `M${index}`, index % 2 ? `message ${index}` : `הודעה ${index}`);
    sent.set(replyId(server.business, phone.jid, `M${index}`), { phone, number: index, at: performance.now() });
    server.deliver(node);
    if (index < WARM_UP || index % POISON_EVERY !== 0) return;
    const { id, text, answered } = POISON[(index / POISON_EVERY) % POISON.length];
    poison.set(replyId(server.business, phone.jid, `P${index} ${id}`), { answered, isSeen: false });
    server.deliver(await phone.write(server, `P${index} ${id}`, text));
  });
}
await Promise.all(phones.map(({ turn }) => turn));
const seconds = (performance.now() - start) / 1_000;
let progress = { count: seen.size, at: performance.now() };
const waiting = () => [...poison.values()].filter(({ answered, isSeen }) => answered && !isSeen).length;
while ((seen.size < MESSAGES || waiting() > 0) && performance.now() - progress.at < TIMEOUT * 1_000) {
  if (seen.size > progress.count) progress = { count: seen.size, at: performance.now() };
  await new Promise((resolve) => setTimeout(resolve, 100));
}

const times = [...seen.values()].filter((time) => time !== null).sort((a, b) => a - b);
const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
process.stdout.write(
  `${JSON.stringify({ sent: sent.size, seconds, answered: seen.size, lost: MESSAGES - seen.size, seenTwice: strange, disordered, repeated, poison: poison.size, poisonAnswered: [...poison.values()].filter(({ isSeen }) => isSeen).length, poisonLost: waiting(), p50: at(0.5), p99: at(0.99), last: at(1) })}\n`
);
process.exit(0);
