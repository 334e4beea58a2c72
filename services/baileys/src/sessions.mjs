import path from 'node:path';
import { AuthStore } from './auth-store.mjs';
import { Session } from './session.mjs';

/** How often what a full or read-only volume refused is tried again (milliseconds). */
const VOLUME_RETRY = 5_000;

/** All sessions of the service, one a business, kept in `sessions/` of the volume. */
export class Sessions {
  #folder;
  #open;
  #forwarder;
  #spool;
  #reporter;
  #log;
  #options;
  #fileSystem;
  #sessions = new Map();
  #changing = new Map();
  #volumeTimer;

  constructor({ dataDir, open, forwarder, spool, reporter, log, sessionOptions = {}, fileSystem }) {
    this.#folder = path.join(dataDir, 'sessions');
    this.#open = open;
    this.#forwarder = forwarder;
    this.#spool = spool;
    this.#reporter = reporter;
    this.#log = log;
    this.#options = sessionOptions;
    this.#fileSystem = fileSystem;
    spool.onFailureChange = () => this.#refresh();
    this.#volumeTimer = setInterval(() => this.#retryVolume(), VOLUME_RETRY);
    this.#volumeTimer.unref();
  }

  /** Reads every session found in the volume, without a connection yet. One that cannot be read does not stop the others. */
  async load() {
    const businesses = await AuthStore.list(this.#folder).catch((error) => {
      this.#log.error({ error: error.code }, 'the volume cannot be read; no session was restored');
      return [];
    });
    for (const business of businesses) {
      await this.#create(business).catch((error) => {
        this.#log.error({ business, error: error.code ?? error.message }, 'session cannot be restored');
      });
    }
  }

  /** Starts what `load` has read. */
  restore() {
    for (const session of this.#sessions.values()) session.restore();
  }

  list() {
    return [...this.#sessions.values()].map((session) => session.view());
  }

  get(business) {
    return this.#sessions.get(business);
  }

  start(business) {
    return this.#alone(business, async () => {
      const session = this.#sessions.get(business) ?? (await this.#create(business));
      await session.start();
      return session;
    });
  }

  restart(business) {
    return this.#alone(business, async () => {
      const session = this.#sessions.get(business);
      await session?.restart();
      return session;
    });
  }

  remove(business) {
    return this.#alone(business, async () => {
      const session = this.#sessions.get(business);
      if (!session) return false;
      await session.remove();
      this.#sessions.delete(business);
      return true;
    });
  }

  async stop() {
    clearInterval(this.#volumeTimer);
    await Promise.all([...this.#sessions.values()].map((session) => session.stop()));
  }

  async #create(business) {
    const auth = await AuthStore.open(this.#folder, business, { fileSystem: this.#fileSystem });
    const session = new Session({
      business,
      auth,
      open: this.#open,
      log: this.#log,
      onChange: (view) => this.#reporter.report(view),
      onMessage: (message) => this.#forwarder.accept(business, message),
      volumeFailure: () => this.#spool.failure,
      ...this.#options
    });
    this.#sessions.set(business, session);
    return session;
  }

  /** One change of a session at a time: two starts at once make one session. */
  #alone(business, work) {
    const result = (this.#changing.get(business) ?? Promise.resolve()).then(work);
    const settled = result.catch(() => {});
    this.#changing.set(business, settled);
    settled.then(() => this.#changing.get(business) === settled && this.#changing.delete(business));
    return result;
  }

  #refresh() {
    for (const session of this.#sessions.values()) session.refresh();
  }

  #retryVolume() {
    if (this.#spool.failure) this.#spool.flush().catch(() => {});
    for (const session of this.#sessions.values()) session.retryVolume();
  }
}
