import { backoff } from './backoff.mjs';
import { mask } from './log.mjs';
import { VolumeError } from './store.mjs';

/** Answers after which the API will never take the message: it does not know the business, or the content is wrong. */
const NEVER = new Set([404, 422]);

/**
 * Delivers customers' messages to the API: those of one customer in order, different customers side by side. A message is
 * kept in the store until the API has it in its database.
 */
export class Delivery {
  #api;
  #store;
  #log;
  #backoff;
  #concurrency;
  #pending = new Map();
  #unsaved = new Set();
  #saving = null;
  #lanes = new Map();
  #ready = [];
  #running = 0;
  #stopping = new AbortController();
  #idle = null;

  constructor({ api, store, log, concurrency = 32, backoffOptions = { base: 250, cap: 15_000 } }) {
    this.#api = api;
    this.#store = store;
    this.#log = log;
    this.#concurrency = concurrency;
    this.#backoff = (attempt) => backoff(attempt, backoffOptions);
  }

  /** Messages that the API does not have yet. */
  get waiting() {
    return this.#pending.size;
  }

  /** Takes up what an earlier run of the service left in the store. */
  resume() {
    for (const message of this.#store.undeliveredMessages()) this.#enqueue(message).stored.resolve();
    return this.#pending.size;
  }

  /**
   * Takes a message; resolves when it cannot be lost any more: it is on the disk or in the API's database, whichever
   * comes first. While the volume takes no writes, only the second can come.
   */
  async accept(business, message) {
    const known = this.#pending.get(keyOf({ business, ...message }));
    if (known) return known.stored.promise;
    if (this.#store.isDelivered({ business, ...message })) return undefined;
    const entry = this.#enqueue({ business, ...message });
    this.#saveSoon(entry);
    return entry.stored.promise;
  }

  /** Writes what is not written yet: all messages that came in one turn of the event loop wait for the disk once. */
  save() {
    clearImmediate(this.#saving);
    this.#saving = null;
    if (this.#unsaved.size === 0) return;
    try {
      this.#store.write(
        () => {
          for (const { message, delivered } of this.#unsaved) delivered ? this.#store.setDelivered(message) : this.#store.addMessage(message);
        },
        // When a delivery is lost the message is delivered again, and the API knows it by its id.
        { durable: [...this.#unsaved].some(({ delivered }) => !delivered) }
      );
    } catch (error) {
      if (error instanceof VolumeError) return;
      throw error;
    }
    for (const { stored } of this.#unsaved) stored.resolve();
    this.#unsaved.clear();
  }

  /** Delivers no more; what is not in the API stays in the store. Waits for what is under way. */
  async stop(timeoutMs = 3_000) {
    const idle = this.#running === 0 ? Promise.resolve() : new Promise((resolve) => (this.#idle = resolve));
    this.#ready.length = 0;
    for (const lane of this.#lanes.values()) clearTimeout(lane.timer);
    const timer = setTimeout(() => this.#stopping.abort(), timeoutMs);
    this.#concurrency = 0;
    await idle;
    clearTimeout(timer);
    this.#stopping.abort();
    this.save();
    for (const { stored } of this.#unsaved) stored.reject(new Error('the service is stopping'));
  }

  #enqueue(message) {
    const entry = { message, stored: deferred(), delivered: false, attempt: 0 };
    this.#pending.set(keyOf(message), entry);
    const laneKey = `${message.business}/${message.from}`;
    let lane = this.#lanes.get(laneKey);
    if (!lane) {
      lane = { key: laneKey, queue: [], timer: null };
      this.#lanes.set(laneKey, lane);
    }
    lane.queue.push(entry);
    if (lane.queue.length === 1) this.#makeReady(lane);
    return entry;
  }

  #saveSoon(entry) {
    this.#unsaved.add(entry);
    this.#saving ??= setImmediate(() => this.save());
  }

  #makeReady(lane) {
    this.#ready.push(lane);
    this.#pump();
  }

  #pump() {
    while (this.#running < this.#concurrency && this.#ready.length > 0) {
      this.#running++;
      this.#run(this.#ready.shift());
    }
    if (this.#running === 0) this.#idle?.();
  }

  async #run(lane) {
    const entry = lane.queue[0];
    const waitMs = await this.#deliver(entry);
    this.#running--;
    if (waitMs === undefined) {
      this.#finish(entry);
      lane.queue.shift();
      if (lane.queue.length > 0) this.#ready.push(lane);
      else this.#lanes.delete(lane.key);
    } else if (!this.#stopping.signal.aborted && this.#concurrency > 0) {
      lane.timer = setTimeout(() => this.#makeReady(lane), waitMs);
    }
    this.#pump();
  }

  /** @returns how long to wait before the next try in milliseconds, or undefined when there is none */
  async #deliver(entry) {
    const about = { business: entry.message.business, from: mask(entry.message.from), messageId: entry.message.messageId };
    let outcome;
    try {
      const { status, retryAfterMs } = await this.#api.post('/api/whatsapp/messages', entry.message, {
        signal: this.#stopping.signal
      });
      if (status >= 200 && status < 300) {
        this.#log.debug(about, 'message delivered');
        return undefined;
      }
      if (NEVER.has(status)) {
        this.#log.warn({ ...about, status }, 'message dropped: the API will not take it');
        return undefined;
      }
      outcome = { status, retryAfterMs };
    } catch (error) {
      outcome = { error: error.code ?? error.name };
    }
    const waitMs = Math.max(outcome.retryAfterMs ?? 0, this.#backoff(entry.attempt++));
    this.#log.warn({ ...about, ...outcome, attempt: entry.attempt, waitMs }, 'message not delivered yet');
    return waitMs;
  }

  #finish(entry) {
    this.#pending.delete(keyOf(entry.message));
    entry.delivered = true;
    entry.stored.resolve();
    this.#saveSoon(entry);
  }
}

/** With the sender: message ids are chosen by their phones. */
function keyOf({ business, from, messageId }) {
  return `${business}/${from}/${messageId}`;
}

function deferred() {
  const result = {};
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  result.promise.catch(() => {});
  return result;
}
