import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { backoff } from './backoff.mjs';
import { keyedLock } from './keyed-lock.mjs';
import { mask } from './log.mjs';
import { VolumeError } from './store.mjs';

/** Answers after which the API will never take the message: it does not know the business, or the content is wrong. */
const NEVER = new Set([400, 404, 409]);
/** So long (milliseconds) a message waits for others, and for the API's answer, before it is synced to the disk. */
const SAVE_WITHIN = 10;

/**
 * Delivers customers' messages to the API: those of one customer in order, different customers side by side. A message is
 * kept in the store until the API has it in its database.
 */
export class Delivery {
  #api;
  #store;
  #log;
  #pending = new Map();
  #unsaved = new Set();
  #saving = null;
  #perCustomer = keyedLock();
  #calls = new Set();
  #stopping = new AbortController();
  #abandoning = new AbortController();

  constructor({ api, store, log }) {
    this.#api = api;
    this.#store = store;
    this.#log = log;
    setMaxListeners(0, this.#stopping.signal, this.#abandoning.signal);
  }

  /** Messages that the API does not have yet. */
  get waiting() {
    return this.#pending.size;
  }

  /** Takes up what an earlier run of the service left in the store. */
  resume() {
    for (const message of this.#store.undeliveredMessages()) this.#enqueue(message);
    return this.#pending.size;
  }

  /**
   * Takes a message; resolves when it cannot be lost any more: it is on the disk or in the API's database, whichever
   * comes first. While the volume takes no writes, only the second can come.
   */
  async accept(business, message) {
    const received = { business, ...message };
    const known = this.#pending.get(keyOf(received));
    if (known) return known.stored.promise;
    if (this.#store.isDelivered(received)) return undefined;
    const entry = this.#enqueue(received);
    this.#saveSoon(entry);
    return entry.stored.promise;
  }

  /** Writes what is not written yet: messages that came together wait for the disk once, those that the API has not at all. */
  save() {
    clearTimeout(this.#saving);
    this.#saving = null;
    if (this.#unsaved.size === 0) return;
    const write = ({ message, delivered }) => (delivered ? this.#store.setDelivered(message) : this.#store.addMessage(message));
    // When a delivery is lost the message is delivered again, and the API knows it by its id.
    const durable = [...this.#unsaved].some(({ delivered }) => !delivered);
    try {
      this.#store.write(() => this.#unsaved.forEach(write), { durable });
    } catch (error) {
      if (error instanceof VolumeError) return;
      throw error;
    }
    for (const { stored } of this.#unsaved) stored.resolve();
    this.#unsaved.clear();
  }

  /** Begins no more calls, and gives up those under way after the time; what is not in the API stays in the store. */
  async stop(timeoutMs = 3_000) {
    this.#stopping.abort();
    const timer = setTimeout(() => this.#abandoning.abort(), timeoutMs);
    await Promise.all(this.#calls);
    clearTimeout(timer);
    this.save();
    for (const { stored } of this.#unsaved) stored.reject(new Error('the service is stopping'));
  }

  #enqueue(message) {
    const entry = { message, stored: deferred(), delivered: false };
    this.#pending.set(keyOf(message), entry);
    this.#perCustomer(`${message.business}/${message.from}`, () => this.#deliver(entry));
    return entry;
  }

  async #deliver(entry) {
    for (let attempt = 0; !this.#stopping.signal.aborted; ) {
      const call = this.#post(entry.message);
      this.#calls.add(call);
      const failure = await call;
      this.#calls.delete(call);
      if (!failure) return this.#finish(entry);
      const { retryAfterMs = 0, ...outcome } = failure;
      const waitMs = Math.max(retryAfterMs, backoff(attempt++, { base: 250, cap: 15_000 }));
      this.#log.warn({ ...describe(entry.message), ...outcome, attempt, waitMs }, 'message not delivered yet');
      await pause(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  /** @returns why the API does not have the message yet, or undefined when it has it or never will */
  async #post(message) {
    try {
      const { status, retryAfterMs } = await this.#api.post('/api/whatsapp/messages', message, { signal: this.#abandoning.signal });
      if (NEVER.has(status)) this.#log.warn({ ...describe(message), status }, 'message dropped: the API will not take it');
      else if (status >= 300) return { status, retryAfterMs };
      else this.#log.debug(describe(message), 'message delivered');
      return undefined;
    } catch (error) {
      return { error: error.code ?? error.name };
    }
  }

  #finish(entry) {
    this.#pending.delete(keyOf(entry.message));
    entry.delivered = true;
    entry.stored.resolve();
    this.#saveSoon(entry);
  }

  #saveSoon(entry) {
    this.#unsaved.add(entry);
    this.#saving ??= setTimeout(() => this.save(), SAVE_WITHIN);
  }
}

/** With the sender: message ids are chosen by their phones. */
function keyOf({ business, from, messageId }) {
  return `${business}/${from}/${messageId}`;
}

function describe({ business, from, messageId }) {
  return { business, from: mask(from), messageId };
}

function deferred() {
  const result = {};
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  result.promise.catch(() => {});
  return result;
}
