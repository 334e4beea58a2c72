import { backoff } from './backoff.mjs';
import { mask } from './log.mjs';

/** Answers after which the API will never take the message: it does not know the business, or the content is wrong. */
const NEVER = new Set([400, 404, 409]);
/** Messages that are remembered as handed over, so that one that WhatsApp sends twice is not handed over twice. */
const REMEMBERED = 5_000;

/**
 * Hands customers' messages to the API: those of one customer in order, different customers side by side. A message is
 * kept in the spool until the API has it in its database.
 */
export class Forwarder {
  #api;
  #spool;
  #log;
  #backoff;
  #concurrency;
  #pending = new Map();
  #lanes = new Map();
  #ready = [];
  #running = 0;
  #done = new Set();
  #stopping = new AbortController();
  #idle = null;

  constructor({ api, spool, log, concurrency = 32, backoffOptions = { base: 250, cap: 15_000 } }) {
    this.#api = api;
    this.#spool = spool;
    this.#log = log;
    this.#concurrency = concurrency;
    this.#backoff = (attempt) => backoff(attempt, backoffOptions);
  }

  /** Messages that the API does not have yet. */
  get waiting() {
    return this.#pending.size;
  }

  /** Takes up what an earlier run of the service left in the spool. */
  replay() {
    for (const [key, message] of [...this.#spool.entries()]) this.#enqueue(key, message).stored.resolve();
    return this.#pending.size;
  }

  /**
   * Takes a message; resolves when it cannot be lost any more: it is on the disk or in the API's database, whichever
   * comes first. While the volume takes no writes, only the second can come.
   */
  accept(business, message) {
    const record = { business, ...message };
    // With the sender: message ids are chosen by their phones.
    const key = `${business}/${message.from}/${message.messageId}`;
    if (this.#done.has(key)) return Promise.resolve();
    const known = this.#pending.get(key);
    if (known) return known.stored.promise;
    const entry = this.#enqueue(key, record);
    this.#store(entry, 0);
    return entry.stored.promise;
  }

  /** Stops handing over; what is not in the API stays in the spool. Waits for what is under way. */
  async stop(timeoutMs = 3_000) {
    const idle = this.#running === 0 ? Promise.resolve() : new Promise((resolve) => (this.#idle = resolve));
    this.#ready.length = 0;
    for (const lane of this.#lanes.values()) clearTimeout(lane.timer);
    const timer = setTimeout(() => this.#stopping.abort(), timeoutMs);
    this.#concurrency = 0;
    await idle;
    clearTimeout(timer);
    this.#stopping.abort();
    for (const entry of this.#pending.values()) {
      clearTimeout(entry.storeTimer);
      entry.stored.reject(new Error('the service is stopping'));
    }
  }

  #enqueue(key, message) {
    const entry = { key, message, stored: deferred(), attempt: 0 };
    this.#pending.set(key, entry);
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

  #store(entry, attempt) {
    this.#spool.write({ [entry.key]: entry.message }).then(entry.stored.resolve, (error) => {
      if (attempt === 0) this.#log.warn({ error: error.code }, 'the volume takes no messages; they go to the API unspooled');
      if (!this.#pending.has(entry.key) || this.#stopping.signal.aborted) return;
      entry.storeTimer = setTimeout(() => this.#store(entry, attempt + 1), this.#backoff(attempt + 2));
    });
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
        this.#log.debug(about, 'message handed over');
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
    this.#log.warn({ ...about, ...outcome, attempt: entry.attempt, waitMs }, 'message not handed over yet');
    return waitMs;
  }

  #finish(entry) {
    this.#pending.delete(entry.key);
    clearTimeout(entry.storeTimer);
    this.#done.add(entry.key);
    if (this.#done.size > REMEMBERED) this.#done.delete(this.#done.values().next().value);
    entry.stored.resolve();
    // When this is lost in a crash the message is handed over again, and the API knows it by its id.
    this.#spool.note({ [entry.key]: null });
  }
}

function deferred() {
  const result = {};
  result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
  result.promise.catch(() => {});
  return result;
}
