import { DisconnectReason, jidDecode } from 'baileys';
import { backoff } from './backoff.mjs';
import { NotConnectedError } from './whatsapp.mjs';

/** WhatsApp did not acknowledge a message in time. It may have it all the same. */
export class TimedOutError extends Error {}

/** Times in milliseconds; tests shorten them or run on fake time. */
export const TIMES = {
  /** From the start of a connection to its being open, or to a QR code. */
  stuck: 60_000,
  /** A connection that lasted this long was a good one: the count of failures starts anew. */
  stable: 30_000,
  /** For WhatsApp's acknowledgement of a message. */
  send: 20_000,
  /** Between two tries: doubles from the one to the other. */
  backoff: { base: 1_000, cap: 60_000 },
  /** At least, after another connection took this one's place: coming back at once would only start a fight. */
  replaced: 30_000,
  loopWindow: 5 * 60_000,
  /** Between two looks whether there is room for messages that were left at WhatsApp. */
  room: 60_000
};

/** So many ends in a row, or within `loopWindow`, are a loop, which is reported. */
const LOOP_ENDS = 5;
/** So many messages in a row without an acknowledgement mean that the connection only looks alive. */
const STUCK_SENDS = 3;
/** Series of QR codes that nobody scanned, of two to three minutes each, before it stops asking WhatsApp for more. */
const UNSCANNED_SERIES = 3;
/** 515 after pairing is ordinary; more than this many in `loopWindow` wait like every other end. */
const FREE_RESTARTS = 3;
/** Acknowledged message ids that are remembered, so that a repeated request does not send again. */
const REMEMBERED = 2_000;

/**
 * The session of one business: keeps one connection to WhatsApp up and says honestly how it stands.
 *
 * `pairing` waits for the QR code to be scanned · `connecting` · `connected` · `degraded` works badly or not for long:
 * it reconnects in a loop, or the volume takes no writes · `logged_out` stopped for good, until it is started again.
 */
export class Session {
  #auth;
  #open;
  #log;
  #times;
  #random;
  #onChange;
  #onMessage;
  #hasRoom;
  #volumeFailure;

  #connection = null;
  #phase = 'connecting';
  #reason = 'starting';
  #qr = null;
  #shownQr = null;
  #left = 0;
  #attempts = 0;
  #ends = [];
  #restarts = [];
  #unscanned = 0;
  #unacknowledged = 0;
  #sending = new Map();
  #sent = new Set();
  #retryTimer = null;
  #stuckTimer = null;
  #stableTimer = null;
  #reported = { state: null, reason: null, phone: null, since: null };

  constructor({ business, auth, open, log, onChange, onMessage, hasRoom = () => true, volumeFailure = () => null, times = TIMES, random = Math.random }) {
    this.business = business;
    this.#auth = auth;
    this.#open = open;
    this.#log = log.child({ business });
    this.#times = times;
    this.#random = random;
    this.#onChange = onChange;
    this.#onMessage = onMessage;
    this.#hasRoom = hasRoom;
    this.#volumeFailure = volumeFailure;
  }

  /** The session as it is shown outside. Who has the QR code can read the business's messages, so its going out is logged. */
  view() {
    const view = this.#view();
    if (view.qr && view.qr !== this.#shownQr) {
      this.#shownQr = view.qr;
      this.#log.info('QR code fetched');
    }
    return view;
  }

  #view() {
    const { state, reason, phone, since } = this.#reported;
    return { business: this.business, state, since, reason, phone, qr: state === 'pairing' ? this.#qr : null, attempts: this.#attempts };
  }

  /** Starts the session, or starts it again when it stopped or waits for its next try. Does nothing to one that works. */
  start() {
    if (this.#phase === 'logged_out') {
      this.#auth.reset();
      this.#ends = [];
      this.#forgetFailures();
      return this.#connect('starting');
    }
    if (this.#retryTimer || !this.#connection) this.#connect('starting');
  }

  /** Shows a session that stopped for good in an earlier run, or starts it. */
  restore() {
    if (this.#auth.stopped) this.#stopForGood(this.#auth.stopped);
    else this.#connect('starting');
  }

  /** Ends the connection, whatever its state, and makes a new one at once. */
  restart(reason = 'restarted on request') {
    this.#log.info('session restarted on request');
    if (this.#phase === 'logged_out') return this.start();
    this.#connect(reason);
  }

  /** Resolves when WhatsApp's server has the message. The same id again is sent once. */
  async send(to, text, messageId) {
    if (this.#sent.has(messageId)) return;
    let sending = this.#sending.get(messageId);
    if (!sending) {
      if (!this.#connection?.isOpen || this.#phase !== 'connected') throw new NotConnectedError(`The session is ${this.#reported.state}.`);
      sending = this.#connection.send(to, text, messageId);
      this.#sending.set(messageId, sending);
      sending
        .then(() => this.#acknowledged(messageId))
        .catch(() => {})
        .finally(() => this.#sending.delete(messageId));
    }
    await this.#inTime(sending);
  }

  stop() {
    this.#clear();
    this.#connection?.end();
    this.#connection = null;
    this.#auth.save();
  }

  /** Logs out at WhatsApp where it can, and removes everything that is stored. */
  async remove() {
    this.#log.info('session logged out and removed on request');
    this.#clear();
    const connection = this.#connection;
    this.#connection = null;
    if (connection?.isOpen && this.#auth.paired) {
      await within(5_000, connection.logout()).catch((error) => this.#log.warn({ error: error.message }, 'could not log out at WhatsApp'));
    }
    connection?.end();
    try {
      this.#auth.remove();
    } catch (error) {
      this.#stopForGood(`logged out, but what is stored could not be removed (${error.code ?? error.message})`);
      throw error;
    }
  }

  /** Forgets what is in memory of the texts sent to the customers. */
  forgetSentTo(addresses) {
    this.#auth.forgetSentTo(addresses);
  }

  /** Writes what the volume refused. */
  save() {
    this.#auth.save();
  }

  /** Judges the state anew and reports it when it has changed. */
  refresh() {
    const { state, reason } = this.#judge();
    const before = this.#reported;
    const id = this.#auth.creds.me?.id;
    const phone = (id && jidDecode(id)?.user) || null;
    if (state === before.state && reason === before.reason && phone === before.phone) return;
    const since = state === before.state ? before.since : new Date().toISOString();
    this.#reported = { state, reason, phone, since };
    this.#log.info({ state, reason, attempts: this.#attempts }, 'session');
    this.#onChange(this.#view());
  }

  #judge() {
    if (this.#phase === 'logged_out' || this.#phase === 'pairing') return { state: this.#phase, reason: this.#reason };
    const failure = this.#volumeFailure();
    if (this.#phase === 'connected') {
      if (failure) return { state: 'degraded', reason: `connected, but the volume takes no writes (${failure})` };
      if (!this.#left) return { state: 'connected', reason: null };
      return { state: 'degraded', reason: `connected, but too much waits for the API: messages of ${this.#left} chats are left at WhatsApp` };
    }
    const ends = Math.max(this.#attempts, this.#recent(this.#ends, Date.now()).length);
    return ends >= LOOP_ENDS
      ? { state: 'degraded', reason: `reconnecting again and again, ${ends} times so far: ${this.#reason}` }
      : { state: 'connecting', reason: this.#reason };
  }

  #become(phase, reason) {
    this.#phase = phase;
    this.#reason = reason;
    if (phase !== 'pairing') this.#qr = null;
    this.refresh();
  }

  #connect(reason) {
    this.#clear();
    this.#connection?.end();
    this.#unacknowledged = 0;
    this.#left = 0;
    this.#become('connecting', reason);
    this.#auth.saveCreds();
    this.#stuckTimer = setTimeout(() => this.#force('WhatsApp did not answer in time'), this.#times.stuck);

    const mine = (handle) => (value) => this.#connection === connection && handle(value);
    const connection = this.#open({
      auth: this.#auth,
      log: this.#log,
      onQr: mine((qr) => this.#showQr(qr)),
      onPaired: mine(() => {
        this.#unscanned = 0;
        this.#become('connecting', 'paired');
      }),
      onOpen: mine(() => this.#opened()),
      onClose: mine((end) => this.#closed(end)),
      onMessage: this.#onMessage,
      hasRoom: this.#hasRoom,
      roomWait: this.#times.room,
      onLeft: mine((chats) => {
        this.#left = chats;
        this.refresh();
      })
    });
    this.#connection = connection;
  }

  #showQr(qr) {
    clearTimeout(this.#stuckTimer);
    this.#qr = qr;
    this.#become('pairing', 'waiting for the QR code to be scanned');
  }

  #opened() {
    clearTimeout(this.#stuckTimer);
    this.#stableTimer = setTimeout(() => this.#forgetFailures(), this.#times.stable);
    this.#become('connected', null);
  }

  #closed({ code, words, final }) {
    this.#clear();
    this.#connection = null;
    this.#log.info({ code, words }, 'connection ended');
    const reason = `${code}: ${words}`;
    if (final) return this.#stopForGood(`WhatsApp ended the session (${reason}); start it again to pair anew`);
    if (this.#phase === 'pairing' && ++this.#unscanned >= UNSCANNED_SERIES) {
      return this.#stopForGood('nobody scanned the QR code; start the session again for a new one');
    }
    const now = Date.now();
    if (code === DisconnectReason.restartRequired && this.#recent(this.#restarts, now).length < FREE_RESTARTS) {
      this.#restarts.push(now);
      return this.#connect('WhatsApp asked for a restart');
    }
    this.#ends = [...this.#recent(this.#ends, now), now];
    const wait = Math.max(
      backoff(this.#attempts++, { ...this.#times.backoff, random: this.#random }),
      code === DisconnectReason.connectionReplaced ? this.#times.replaced : 0
    );
    this.#retryTimer = setTimeout(() => this.#connect(reason), wait);
    this.#become('connecting', reason);
  }

  /** Gives up a connection that hangs; the next comes after the usual wait. */
  #force(words) {
    this.#connection?.end();
    this.#closed({ code: DisconnectReason.timedOut, words, final: false });
  }

  #stopForGood(reason) {
    this.#clear();
    this.#connection?.end();
    this.#connection = null;
    if (this.#auth.stopped !== reason) this.#auth.setStopped(reason);
    this.#become('logged_out', reason);
  }

  #acknowledged(messageId) {
    this.#unacknowledged = 0;
    this.#sent.add(messageId);
    if (this.#sent.size > REMEMBERED) this.#sent.delete(this.#sent.values().next().value);
  }

  async #inTime(sending) {
    const connection = this.#connection;
    try {
      await within(this.#times.send, sending);
    } catch (error) {
      if (error instanceof TimedOutError && connection === this.#connection && ++this.#unacknowledged >= STUCK_SENDS) {
        this.#force('WhatsApp acknowledges no messages');
      }
      throw error;
    }
  }

  #recent(times, now) {
    return times.filter((time) => now - time < this.#times.loopWindow);
  }

  #forgetFailures() {
    this.#attempts = 0;
    this.#unscanned = 0;
    this.refresh();
  }

  #clear() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#stuckTimer);
    clearTimeout(this.#stableTimer);
    this.#retryTimer = null;
  }
}

function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TimedOutError(`No answer from WhatsApp within ${ms / 1000} s.`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
