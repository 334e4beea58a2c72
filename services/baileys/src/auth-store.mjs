import { BufferJSON, initAuthCreds, proto } from 'baileys';
import { VolumeError } from './store.mjs';

/** How many sent texts are kept for a customer's phone that asks for one again because it could not decrypt it. */
const KEPT_SENT = 200;

/** The kind of entry that a sent text is, with its addressee. */
export const SENT = 'sent-text';
/** The kind of entry in which Baileys keeps which lid and which number are one customer's. */
export const LID_MAPPING = 'key:lid-mapping';

/**
 * The credentials, Signal keys and sent texts of one business, in the shape that Baileys asks for. A volume that takes no
 * writes does not stop a conversation: what it refused stays in memory until `save` succeeds.
 */
export class AuthStore {
  #store;
  #business;
  #unsaved = new Map();
  #sent;
  #removed = false;

  constructor(store, business) {
    this.#store = store;
    this.#business = business;
    this.#restore();
  }

  get paired() {
    return Boolean(this.creds.me?.id);
  }

  /** Why the session stopped for good, or undefined. It is kept, so that a restart of the service does not try again. */
  get stopped() {
    return this.#get('stopped');
  }

  setStopped(reason) {
    this.#set('stopped', '', reason);
    this.save({ durable: true });
  }

  saveCreds() {
    this.#set('creds', '', serialize(this.creds));
    this.save({ durable: true });
  }

  /** Baileys' SignalKeyStore. */
  keys = {
    get: async (type, ids) => {
      const found = {};
      for (const id of ids) {
        const text = this.#get(`key:${type}`, id);
        if (text === undefined) continue;
        const value = JSON.parse(text, BufferJSON.reviver);
        found[id] = type === 'app-state-sync-key' ? proto.Message.AppStateSyncKeyData.fromObject(value) : value;
      }
      return found;
    },
    set: async (data) => {
      for (const [type, values] of Object.entries(data)) {
        for (const [id, value] of Object.entries(values ?? {})) this.#set(`key:${type}`, id, value ? serialize(value) : null);
      }
      // Not durable: a message's keys may lag behind after a loss of power, and then Signal asks for it again.
      this.save();
    }
  };

  /** Remembers a text that is being sent; it is written with the keys it is sent with. */
  rememberSent(messageId, to, text) {
    if (this.#get(SENT, messageId) === undefined) this.#sent.push(messageId);
    this.#set(SENT, messageId, JSON.stringify({ to, text }));
    while (this.#sent.length > KEPT_SENT) this.#set(SENT, this.#sent.shift(), null);
  }

  sentText(messageId) {
    const sent = this.#get(SENT, messageId);
    return sent && JSON.parse(sent).text;
  }

  /** Forgets what is in memory of the texts sent to the customers. */
  forgetSentTo(addresses) {
    for (const [key, { kind, value }] of this.#unsaved) {
      if (kind === SENT && value && addresses.has(JSON.parse(value).to)) this.#unsaved.delete(key);
    }
    this.#sent = this.#sent.filter((messageId) => this.#get(SENT, messageId) !== undefined);
  }

  /** Forgets everything, for a new pairing. */
  reset() {
    this.#store.write(() => this.#store.removeEntries(this.#business), { durable: true });
    this.#unsaved.clear();
    this.#restore();
  }

  /** Removes everything of the business from the volume, its messages too, and writes no more; where that fails it throws, and everything is still there. */
  remove() {
    this.#store.erase(() => {
      this.#store.removeEntries(this.#business);
      this.#store.removeMessages(this.#business);
    });
    this.#removed = true;
  }

  /** Writes what is not written yet, all of it or nothing. */
  save(options) {
    if (this.#unsaved.size === 0 || this.#removed) return;
    try {
      this.#store.write(() => {
        for (const { kind, id, value } of this.#unsaved.values()) this.#store.setEntry(this.#business, kind, id, value);
      }, options);
      this.#unsaved.clear();
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
    }
  }

  #get(kind, id = '') {
    const unsaved = this.#unsaved.get(`${kind}/${id}`);
    return unsaved ? (unsaved.value ?? undefined) : this.#store.entry(this.#business, kind, id);
  }

  #set(kind, id, value) {
    this.#unsaved.set(`${kind}/${id}`, { kind, id, value });
  }

  #restore() {
    const creds = this.#get('creds');
    this.creds = creds ? JSON.parse(creds, BufferJSON.reviver) : initAuthCreds();
    this.#sent = this.#store.entryIds(this.#business, SENT);
  }
}

function serialize(value) {
  return JSON.stringify(value, BufferJSON.replacer);
}
