import { writeSync } from 'node:fs';
import { Store } from '../../src/store.mjs';

/* Writes one message after the other into the store of the folder, two rows each, and says so of each, until it is killed. */
const store = Store.open(process.argv[2]);
for (let number = Number(store.entry(7, 'latest') ?? 0) + 1; ; number++) {
  store.write(
    () => {
      store.addMessage({ business: 7, from: 'customer', messageId: `M${number}`, text: 'x'.repeat(number % 7 ? 200 : 20_000) });
      store.setEntry(7, 'latest', '', `${number}`);
    },
    { durable: true }
  );
  writeSync(1, `${number}\n`);
}
