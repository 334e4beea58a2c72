import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { NoAnswerError } from './api-client.mjs';
import { backoff } from './backoff.mjs';
import { keyedLock } from './keyed-lock.mjs';
import { mask } from './log.mjs';
import { Room } from './room.mjs';
import { VolumeError } from './store.mjs';

/** Of the answers 4xx those that may change: an operator mends the secret, the others pass. After all others the API will never take it. */
const MAY_CHANGE = new Set([401, 403, 408, 425, 429]);
/** Answers that say that the API, or a proxy before it, is away. Other 5xx may be due to the message. */
const AWAY = new Set([502, 503, 504]);
/** So many tries end with an error of this service itself before the message is put aside. */
const OWN_TRIES = 3;
/** So many tries the API fails at a message, when it has taken others meanwhile, before it is put aside; else so many (an hour). */
const FAILED_TRIES = 10;
const FAILED_TRIES_ALONE = 240;
/** Between two tries (milliseconds): doubles from the one to the other. */
const RETRY = { base: 250, cap: 15_000 };
/** So long (milliseconds) a message waits for others, and for the API's answer, before it is synced to the disk. */
const SAVE_WITHIN = 10;

/**
 * Delivers customers' messages to the API: those of one customer in order, different customers side by side. A message is
 * kept in the store until the API has it in its database. One that the API can never take is put aside there.
 */
export class Delivery {
  #api;
  #store;
  #log;
  #pending = new Map();
  #room;
  #retry;
  #taken = 0;
  #unsaved = new Set();
  #saving = null;
  #perCustomer = keyedLock();
  #calls = new Set();
  #stopping = new AbortController();
  #abandoning = new AbortController();

  constructor({ api, store, log, room = new Room(), retry = RETRY }) {
    this.#api = api;
    this.#store = store;
    this.#log = log;
    this.#room = room;
    this.#retry = retry;
    setMaxListeners(0, this.#stopping.signal, this.#abandoning.signal);
  }

  /** Messages that the API does not have yet. */
  get waiting() {
    return this.#pending.size;
  }

  /** How much that is, and how many messages of which businesses are put aside, for an operator. */
  counts() {
    return { waiting: this.#room.used, refused: this.#store.refusedCounts() };
  }

  /** Whether there is room for another message of the customer. */
  hasRoom(business, from) {
    return this.#room.has(business, from);
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
    const entries = [...this.#unsaved];
    try {
      this.#write(entries);
    } catch (error) {
      // One that cannot be written does not keep the others from the disk.
      if (!(error instanceof VolumeError)) for (const entry of entries) this.#writeAlone(entry);
    }
  }

  /** What is put aside of a business, oldest first. */
  refused(business) {
    return this.#store.refusedMessages(business);
  }

  dropRefused(business) {
    this.#store.erase(() => {
      const messages = this.#store.removeRefused(business);
      this.#log.warn({ business, messages }, 'messages put aside were dropped on request');
    });
  }

  /** Drops what has been put aside for too long. */
  dropOldRefused() {
    try {
      this.#store.write(() => {
        const messages = this.#store.removeOldRefused();
        if (messages) this.#log.warn({ messages }, 'messages put aside were dropped: their time is over');
      });
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
    }
  }

  /** Hands over again what was put aside of a business; returns how many messages. */
  retryRefused(business) {
    const again = this.#store.refusedMessages(business).map(({ message }) => message);
    this.#store.write(() => this.#store.takeBackRefused(business), { durable: true });
    for (const message of again) this.#enqueue(message);
    return again.length;
  }

  /** Forgets the messages of a business, of certain senders or of all. What the store has of them is the caller's to remove. */
  forget(business, senders) {
    const meant = ({ message }) => message.business === business && (!senders || senders.has(message.from));
    for (const entry of [...this.#pending.values(), ...this.#unsaved].filter(meant)) {
      entry.forgotten = true;
      this.#remove(entry);
      // By its id it is known as taken: WhatsApp may send it again.
      if (senders) this.#finish(entry);
      else this.#unsaved.delete(entry);
      entry.stored.resolve();
    }
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
    this.#room.take(message);
    this.#perCustomer(`${message.business}/${message.from}`, () => this.#deliver(entry));
    return entry;
  }

  async #deliver(entry) {
    const takenBefore = this.#taken;
    for (let attempt = 1; !this.#stopping.signal.aborted && !entry.forgotten; attempt++) {
      const call = this.#post(entry.message);
      this.#calls.add(call);
      const failure = await call;
      this.#calls.delete(call);
      if (entry.forgotten) return;
      if (!failure) {
        this.#taken++;
        return this.#finish(entry);
      }
      const { retryAfterMs = 0, own: _own, ...outcome } = failure;
      if (isFinal({ ...failure, attempt, othersTaken: this.#taken > takenBefore })) return this.#refuse(entry, outcome);
      const waitMs = Math.max(retryAfterMs, backoff(attempt - 1, this.#retry));
      this.#log.warn({ ...describe(entry.message), ...outcome, attempt, waitMs }, 'message not delivered yet');
      await pause(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  /** @returns why the API does not have the message, or undefined when it has it; `own` is an error of this service itself */
  async #post(message) {
    try {
      const { status, type, retryAfterMs } = await this.#api.post('/api/whatsapp/messages', message, { signal: this.#abandoning.signal });
      if (status >= 300) return { status, type, retryAfterMs };
      this.#log.debug(describe(message), 'message delivered');
      return undefined;
    } catch (error) {
      return { error: error.code ?? error.name, own: !(error instanceof NoAnswerError) };
    }
  }

  /** Puts a message aside, for an operator to look at; the customer's next ones go on. */
  #refuse(entry, { status, type, error }) {
    this.#log.error({ ...describe(entry.message), status, type, error }, 'message put aside: the API cannot take it');
    this.#remove(entry);
    // To the end, so that they are put aside in their order.
    this.#unsaved.delete(entry);
    entry.refused = [status, type, error].filter((part) => part !== undefined).join(' ');
    this.#saveSoon(entry);
  }

  /** Takes it out of the queue, unless another with its id has come into its place. */
  #remove(entry) {
    if (this.#pending.get(keyOf(entry.message)) !== entry) return;
    this.#pending.delete(keyOf(entry.message));
    this.#room.free(entry.message);
  }

  #finish(entry) {
    this.#remove(entry);
    entry.delivered = true;
    entry.refused = null;
    entry.stored.resolve();
    this.#saveSoon(entry);
  }

  /** Writes all of them, or none when it throws. */
  #write(entries) {
    let dropped = 0;
    const write = ({ message, delivered, refused }) => {
      if (delivered) this.#store.setDelivered(message);
      else if (refused) dropped += this.#store.addRefused(message, refused);
      else this.#store.addMessage(message);
    };
    // When a delivery is lost the message is delivered again, and the API knows it by its id.
    const durable = entries.some(({ delivered }) => !delivered);
    this.#store.write(() => entries.forEach(write), { durable });
    if (dropped) this.#log.error({ dropped }, 'the oldest messages put aside were dropped for newer ones');
    for (const entry of entries) {
      entry.stored.resolve();
      this.#unsaved.delete(entry);
    }
  }

  #writeAlone(entry) {
    try {
      this.#write([entry]);
    } catch (error) {
      if (error instanceof VolumeError) return;
      this.#log.error({ ...describe(entry.message), error: error.code ?? error.name }, 'message cannot be stored');
      this.#unsaved.delete(entry);
      // One that the queue still has is acknowledged when the API has it.
      if (entry.delivered || entry.refused) entry.stored.resolve();
    }
  }

  #saveSoon(entry) {
    this.#unsaved.add(entry);
    this.#saving ??= setTimeout(() => this.save(), SAVE_WITHIN);
  }
}

/** Whether a try was the last: the API will never take the message, or it fails again and again for its sake. */
function isFinal({ status, own, attempt, othersTaken }) {
  if (own) return attempt >= OWN_TRIES;
  if (status >= 500 && !AWAY.has(status)) return attempt >= (othersTaken ? FAILED_TRIES : FAILED_TRIES_ALONE);
  return status >= 400 && status < 500 && !MAY_CHANGE.has(status);
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
