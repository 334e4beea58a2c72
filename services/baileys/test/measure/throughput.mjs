import { FakeApi } from '../fakes/api.mjs';
import { CustomerPhone } from '../fakes/wire-server.mjs';
import { until } from '../fixture.mjs';
import { measure } from './run.mjs';

const RATE = Number(process.env.RATE ?? 50);
const SECONDS = Number(process.env.SECONDS ?? 20);
const CUSTOMERS = 50;
const WARM_UP = CUSTOMERS;

const begun = new Map();
const toApi = [];
const toWhatsApp = [];
const toAcknowledged = [];
const api = await new FakeApi().start();

await measure({ apiUrl: api.url, sessions: 1 }, async ({ service, whatsapp, usage }) => {
  api.answer = ({ messageId, from }) => {
    toApi.push(performance.now() - begun.get(messageId));
    // As the API does: it answers at once that it has the message, and replies after.
    setImmediate(async () => {
      const { status } = await service.send(`You said ${messageId}.`, { to: from, messageId: `R${messageId}`, business: 1 });
      if (status === 200) toAcknowledged.push(performance.now() - begun.get(messageId));
    });
    return 204;
  };
  whatsapp.onStanza = ({ tag, attrs }) => {
    if (tag === 'message') toWhatsApp.push(performance.now() - begun.get(attrs.id.slice(1)));
  };

  const phones = Array.from({ length: CUSTOMERS }, (_, each) => new CustomerPhone(`97254555${1000 + each}@s.whatsapp.net`));
  const say = async (number) => {
    const node = await phones[number % CUSTOMERS].write(whatsapp, `M${number}`, `message ${number}`);
    begun.set(`M${number}`, performance.now());
    whatsapp.deliver(node);
  };

  // The first message to each customer fetches keys; a conversation does not begin fifty times a second.
  for (let number = 0; number < WARM_UP; number++) {
    await say(number);
    await until(() => toAcknowledged.length > number, `message ${number} of the warm-up is answered`);
  }
  for (const times of [toApi, toWhatsApp, toAcknowledged]) times.length = 0;

  const before = await usage();
  const start = performance.now();
  for (let number = 0; number < RATE * SECONDS; number++) {
    const due = start + (number * 1_000) / RATE;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    say(WARM_UP + number);
  }
  await until(() => toAcknowledged.length === RATE * SECONDS, () => `${toAcknowledged.length} of ${RATE * SECONDS} answered`, 60_000);
  const seconds = (performance.now() - start) / 1_000;
  const after = await usage();
  const line = (name, times) => {
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
    return `${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms\n`;
  };
  process.stdout.write(
    `${RATE * SECONDS} messages from ${CUSTOMERS} customers in ${seconds.toFixed(1)} s (asked for ${RATE} a second), API answers at once\n` +
      line('from WhatsApp to the API', toApi) +
      line('from WhatsApp to the reply at WhatsApp', toWhatsApp) +
      line('from WhatsApp to the reply acknowledged to the API', toAcknowledged) +
      `service: ${(((after.cpuSeconds - before.cpuSeconds) / seconds) * 100).toFixed(0)} % of one core, ${after.residentMb} MB resident\n`
  );
});
