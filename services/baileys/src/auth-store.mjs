import path from 'node:path';
import { readdir } from 'node:fs/promises';
import { BufferJSON, initAuthCreds, proto } from 'baileys';
import { Journal } from './journal.mjs';

/** How many sent texts are kept for a customer's phone that asks for one again because it could not decrypt it. */
const KEPT_SENT = 200;
const FILE_NAME = /^(\d+)\.journal$/;

/**
 * The credentials and Signal keys of one business, in the shape that Baileys asks for, in one journal: all keys that
 * a message changes are written as one, so no crash leaves half of them.
 */
export class AuthStore {
  #journal;
  #sent = [];

  static async open(folder, business, options) {
    const store = new AuthStore(new Journal(path.join(folder, `${business}.journal`), options));
    await store.#journal.load();
    store.#restore();
    return store;
  }

  /** The businesses that have a store in the folder. */
  static async list(folder) {
    let names;
    try {
      names = await readdir(folder);
    } catch (error) {
      if (error.code === 'ENOENT') return [];
      throw error;
    }
    return names.map((name) => FILE_NAME.exec(name)).filter(Boolean).map((match) => Number(match[1]));
  }

  constructor(journal) {
    this.#journal = journal;
  }

  get paired() {
    return Boolean(this.creds.me?.id);
  }

  /** Why the volume does not take writes, or null. */
  get failure() {
    return this.#journal.failure;
  }

  set onFailureChange(callback) {
    this.#journal.onFailureChange = callback;
  }

  /** Why the session stopped for good, or undefined. It is kept, so that a restart of the service does not try again. */
  get stopped() {
    return this.#journal.get('stopped');
  }

  setStopped(reason) {
    return this.#persist({ stopped: reason ?? null });
  }

  saveCreds() {
    return this.#persist({ creds: serialize(this.creds) });
  }

  /** Baileys' SignalKeyStore. */
  keys = {
    get: async (type, ids) => {
      const found = {};
      for (const id of ids) {
        const text = this.#journal.get(`key:${type}:${id}`);
        if (text === undefined) continue;
        const value = JSON.parse(text, BufferJSON.reviver);
        found[id] = type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value) : value;
      }
      return found;
    },
    set: (data) => {
      const changes = {};
      for (const [type, values] of Object.entries(data)) {
        for (const [id, value] of Object.entries(values ?? {})) {
          changes[`key:${type}:${id}`] = value ? serialize(value) : null;
        }
      }
      // Not synced: a message's keys may lag behind after a loss of power, and then Signal asks for it again.
      return this.#persist(changes, { sync: false });
    }
  };

  /** Remembers a text that is being sent; it goes to the disk with the keys it was sent with. */
  rememberSent(messageId, text) {
    const key = `sent:${messageId}`;
    const changes = { [key]: text };
    if (this.#journal.get(key) === undefined) this.#sent.push(key);
    while (this.#sent.length > KEPT_SENT) changes[this.#sent.shift()] = null;
    this.#journal.note(changes);
  }

  sentText(messageId) {
    return this.#journal.get(`sent:${messageId}`);
  }

  /** Forgets everything, for a new pairing. */
  async reset() {
    const changes = {};
    for (const [key] of this.#journal.entries()) changes[key] = null;
    await this.#persist(changes);
    this.#restore();
  }

  /** Tries again to write what a full or read-only volume refused. */
  retry() {
    return this.#persist({});
  }

  close() {
    return this.#journal.close();
  }

  remove() {
    return this.#journal.remove();
  }

  #restore() {
    const creds = this.#journal.get('creds');
    this.creds = creds ? JSON.parse(creds, BufferJSON.reviver) : initAuthCreds();
    this.#sent = [...this.#journal.entries()].map(([key]) => key).filter((key) => key.startsWith('sent:'));
  }

  // A volume that takes no writes must not stop a conversation: the journal keeps them and says so by `failure`.
  async #persist(changes, options) {
    await this.#journal.write(changes, options).catch(() => {});
  }
}

function serialize(value) {
  return JSON.stringify(value, BufferJSON.replacer);
}
