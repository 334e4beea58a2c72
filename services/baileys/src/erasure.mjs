import { jidDecode, jidNormalizedUser } from 'baileys';
import { LID_MAPPING, SENT } from './auth-store.mjs';

/** Every address of the customers that the business's stored keys know, those given included. */
export function addressesOf(store, business, customers) {
  const lidsAndNumbers = [...store.entries(business, LID_MAPPING)].map(([id, value]) => [id, JSON.parse(value)]);
  const addresses = new Set(customers.flatMap((customer) => [customer, jidNormalizedUser(customer)]).filter(Boolean));
  // What is added is looked at too: a number may have had several lids.
  for (const address of addresses) {
    const { user, server } = jidDecode(address) ?? {};
    for (const [id, value] of lidsAndNumbers) {
      const [number, lid] = id.endsWith('_reverse') ? [value, id.slice(0, -'_reverse'.length)] : [id, value];
      if (server === 'lid' && lid === user) addresses.add(`${number}@s.whatsapp.net`);
      if (server === 's.whatsapp.net' && number === user) addresses.add(`${lid}@lid`);
    }
  }
  return addresses;
}

/**
 * Removes every text of the customers from the volume.
 * @throws {import('./store.mjs').VolumeError} when the volume does not take it
 */
export function eraseCustomers(store, business, addresses) {
  store.erase(() => {
    for (const address of addresses) store.removeMessagesOf(business, address);
    for (const [id, value] of store.entries(business, SENT)) {
      if (addresses.has(JSON.parse(value).to)) store.setEntry(business, SENT, id, null);
    }
  });
}
