import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { backoff } from './backoff.mjs';

/** Tells the API the state of each session: best effort, the latest state wins, again with back-off when it fails. */
export class Reporter {
  #api;
  #log;
  #latest = new Map();
  #busy = new Map();
  #stopping = new AbortController();

  constructor({ api, log }) {
    this.#api = api;
    this.#log = log;
    setMaxListeners(0, this.#stopping.signal);
  }

  report({ qr: _, ...session }) {
    if (this.#stopping.signal.aborted) return;
    this.#latest.set(session.business, session);
    if (!this.#busy.has(session.business)) this.#busy.set(session.business, this.#send(session.business));
  }

  async stop() {
    this.#stopping.abort();
    await Promise.all(this.#busy.values());
  }

  async #send(business) {
    for (let attempt = 0; this.#latest.has(business) && !this.#stopping.signal.aborted; ) {
      const session = this.#latest.get(business);
      const failure = await this.#try(session);
      if (failure === undefined) {
        attempt = 0;
        if (this.#latest.get(business) === session) this.#latest.delete(business);
        continue;
      }
      this.#log.debug({ business, failure, attempt: ++attempt }, 'state not reported yet');
      await pause(backoff(attempt, { base: 500, cap: 30_000 }), undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
    this.#busy.delete(business);
  }

  async #try(session) {
    try {
      const { status } = await this.#api.post('/api/whatsapp/sessions', session, { signal: this.#stopping.signal });
      // Other 4xx mean that this report will never be taken.
      return status >= 500 || [401, 403, 408, 429].includes(status) ? status : undefined;
    } catch (error) {
      return error.code ?? error.name;
    }
  }
}
