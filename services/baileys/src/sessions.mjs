import { AuthStore } from './auth-store.mjs';
import { addressesOf, eraseCustomers } from './erasure.mjs';
import { keyedLock } from './keyed-lock.mjs';
import { Session } from './session.mjs';

/** All sessions of the service, one a business. */
export class Sessions {
  #store;
  #open;
  #delivery;
  #reporter;
  #log;
  #options;
  #sessions = new Map();
  /** One change of a session at a time: two starts at once make one session. */
  #alone = keyedLock();

  constructor({ store, open, delivery, reporter, log, sessionOptions = {} }) {
    this.#store = store;
    this.#open = open;
    this.#delivery = delivery;
    this.#reporter = reporter;
    this.#log = log;
    this.#options = sessionOptions;
  }

  /** Reads every session found in the store, without a connection yet. One that cannot be read does not stop the others. */
  load() {
    for (const business of this.#store.businesses()) {
      try {
        this.#create(business);
      } catch (error) {
        this.#log.error({ business, error: error.code ?? error.message }, 'session cannot be restored');
      }
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
    return this.#alone(business, () => {
      const session = this.#sessions.get(business) ?? this.#create(business);
      session.start();
      return session;
    });
  }

  restart(business) {
    return this.#alone(business, () => {
      const session = this.#sessions.get(business);
      session?.restart();
      return session;
    });
  }

  remove(business) {
    return this.#alone(business, async () => {
      const session = this.#sessions.get(business);
      if (!session) return false;
      await session.remove();
      this.#sessions.delete(business);
      this.#delivery.forget(business);
      return true;
    });
  }

  /**
   * Removes every text of the customers, by all their addresses. Without a session too: messages may still wait.
   * @throws {import('./store.mjs').VolumeError} when the volume does not take it
   */
  erase(business, customers) {
    const session = this.#sessions.get(business);
    // Of the addresses too: those that are in memory alone are not found.
    session?.save();
    const addresses = addressesOf(this.#store, business, customers);
    eraseCustomers(this.#store, business, addresses);
    this.#delivery.forget(business, addresses);
    session?.forgetSentTo(addresses);
    this.#log.info({ business, customers: customers.length }, 'texts of customers erased');
  }

  stop() {
    for (const session of this.#sessions.values()) session.stop();
  }

  /** Has the sessions judge their states anew and report what has changed. */
  refresh() {
    for (const session of this.#sessions.values()) session.refresh();
  }

  /** Writes what the volume refused. */
  save() {
    for (const session of this.#sessions.values()) session.save();
  }

  #create(business) {
    const session = new Session({
      business,
      auth: new AuthStore(this.#store, business),
      open: this.#open,
      log: this.#log,
      onChange: (view) => this.#reporter.report(view),
      onMessage: (message) => this.#delivery.accept(business, message),
      hasRoom: (customer) => this.#delivery.hasRoom(business, customer),
      volumeFailure: () => this.#store.failure,
      ...this.#options
    });
    this.#sessions.set(business, session);
    return session;
  }
}
