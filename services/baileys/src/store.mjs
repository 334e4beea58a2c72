import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { EXIT_CONFIG } from './settings.mjs';

/** The layout below, kept in the file as `user_version`. */
const VERSION = 1;
const LAYOUT = `
  CREATE TABLE session_entry (
    position INTEGER PRIMARY KEY, business INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL,
    UNIQUE (business, kind, id)
  ) STRICT;
  CREATE TABLE received_message (
    position INTEGER PRIMARY KEY, business INTEGER NOT NULL, sender TEXT NOT NULL, id TEXT NOT NULL,
    message TEXT, -- as the API takes it; NULL once the API has it
    UNIQUE (business, sender, id)
  ) STRICT;
  PRAGMA user_version = ${VERSION};`;
/** Made where it is not there: releases without it do well beside it. */
const REFUSED = `
  CREATE TABLE IF NOT EXISTS refused_message (
    position INTEGER PRIMARY KEY, business INTEGER NOT NULL, sender TEXT NOT NULL, id TEXT NOT NULL,
    message TEXT NOT NULL, reason TEXT NOT NULL, refused_at TEXT NOT NULL,
    UNIQUE (business, sender, id)
  ) STRICT`;

/** Delivered messages that are remembered, so that one that WhatsApp sends twice is not delivered twice. */
const REMEMBERED = 5_000;
/** Refused messages that are kept for an operator: the newest of each business, and for so many days. */
const KEPT_REFUSED = 200;
const KEPT_REFUSED_DAYS = 30;

/**
 * What is never collected. Built for Node.js 24.19 or newer, better-sqlite3 12, the last for Node.js 20, aborts the process
 * when a database or a statement is collected while no JavaScript runs, as when it is idle. So there are no others than these.
 * https://github.com/nodejs/node/issues/65446
 */
const kept = [];

/** The volume cannot be used. The message is one line for the operator, with the remedy; `code` is the system's or SQLite's. */
export class VolumeError extends Error {
  constructor(message, cause, exitCode = 1) {
    super(message, { cause });
    this.code = cause?.code;
    this.exitCode = exitCode;
  }
}

/**
 * All that the service keeps, in one SQLite file: the sessions' credentials, keys and sent texts as entries, and received
 * messages until the API has them. One process owns the file.
 *
 * A write survives the end of the process. With `durable` it also survives the loss of power, and with it all writes before.
 */
export class Store {
  #database;
  #statements = {};

  /** The code of the error with which the last write failed, or null. */
  failure = null;
  /** Called with `failure` after each change of it. */
  onFailureChange = () => {};

  /**
   * Opens the volume's file, or makes it where there is none.
   * @throws {VolumeError} when the volume cannot be used
   */
  static open(folder) {
    const file = path.join(folder, 'whatsapp.db');
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      refuseJournals(folder);
      // Its other files take their owner and mode from this one.
      if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 });
      return new Store(file);
    } catch (error) {
      throw error instanceof VolumeError ? error : explain(error, folder, file);
    }
  }

  constructor(file) {
    kept.push(this);
    this.#database = new Database(file, { timeout: 0 });
    try {
      this.#prepare();
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /**
   * Does the work in one transaction: all of it is in the file when this returns, or nothing when it throws.
   * @param {() => void} work calls of this store that write
   * @throws {VolumeError} when the volume does not take it; `failure` says so until a write succeeds
   */
  write(work, { durable = false } = {}) {
    try {
      this.#database.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
      this.#database.transaction(work).immediate();
    } catch (error) {
      const closed = !this.#database.open;
      // A value that the layout does not allow is no fault of the volume.
      const fromVolume = error instanceof Database.SqliteError && !/^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(error.code);
      if (!closed && !fromVolume) throw error;
      if (!closed) this.#setFailure(error.code);
      throw new VolumeError(closed ? 'The store is closed.' : error.message, error);
    }
    this.#setFailure(null);
  }

  /**
   * Does the work and leaves nothing of what it removes in the files.
   * @throws {VolumeError} when the volume does not take it; then do it again, also when the work itself was done
   */
  erase(work) {
    this.write(work, { durable: true });
    try {
      const [{ busy }] = this.#database.pragma('wal_checkpoint(TRUNCATE)');
      if (busy) throw Object.assign(new Error('The journal is in use.'), { code: 'SQLITE_BUSY' });
    } catch (error) {
      throw new VolumeError(error.message, error);
    }
  }

  /** Finds out whether a volume that failed takes writes again. */
  probe() {
    try {
      this.write(() => this.#database.exec(`PRAGMA user_version = ${VERSION}`), { durable: true });
    } catch (error) {
      if (!(error instanceof VolumeError)) throw error;
    }
  }

  close() {
    this.#database.close();
  }

  businesses() {
    return this.#statement('SELECT DISTINCT business FROM session_entry').pluck().all();
  }

  entry(business, kind, id = '') {
    return this.#statement('SELECT value FROM session_entry WHERE business = ? AND kind = ? AND id = ?').pluck().get(business, kind, id);
  }

  /** The entries of a kind by their ids, oldest first. */
  entries(business, kind) {
    const rows = this.#statement('SELECT id, value FROM session_entry WHERE business = ? AND kind = ? ORDER BY position').raw();
    return new Map(rows.all(business, kind));
  }

  /** The ids of the entries of a kind, oldest first. */
  entryIds(business, kind) {
    return this.#statement('SELECT id FROM session_entry WHERE business = ? AND kind = ? ORDER BY position').pluck().all(business, kind);
  }

  /** Sets an entry, or removes it when the value is null. */
  setEntry(business, kind, id, value) {
    if (value === null) this.#statement('DELETE FROM session_entry WHERE business = ? AND kind = ? AND id = ?').run(business, kind, id);
    else {
      this.#statement(`INSERT INTO session_entry (business, kind, id, value) VALUES (?, ?, ?, ?)
        ON CONFLICT (business, kind, id) DO UPDATE SET value = excluded.value`).run(business, kind, id, value);
    }
  }

  removeEntries(business) {
    this.#statement('DELETE FROM session_entry WHERE business = ?').run(business);
  }

  addMessage({ business, from, messageId, ...rest }) {
    this.#statement('INSERT INTO received_message (business, sender, id, message) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
      business,
      from,
      messageId,
      JSON.stringify(rest)
    );
  }

  /** Messages that the API does not have yet, in the order in which they came. */
  undeliveredMessages() {
    return this.#statement('SELECT business, id, sender, message FROM received_message WHERE message IS NOT NULL ORDER BY position')
      .all()
      .map(({ business, id, sender, message }) => ({ business, messageId: id, from: sender, ...JSON.parse(message) }));
  }

  isDelivered({ business, from, messageId }) {
    const delivered = this.#statement('SELECT 1 FROM received_message WHERE business = ? AND sender = ? AND id = ? AND message IS NULL');
    return delivered.get(business, from, messageId) !== undefined;
  }

  setDelivered({ business, from, messageId }) {
    const { position } = this.#statement(`INSERT INTO received_message (business, sender, id) VALUES (?, ?, ?)
      ON CONFLICT (business, sender, id) DO UPDATE SET message = NULL RETURNING position`).get(business, from, messageId);
    this.#statement('DELETE FROM received_message WHERE position <= ? AND message IS NULL').run(position - REMEMBERED);
  }

  /** Keeps a message that the API will not take. Returns how many older ones of the business went for it. */
  addRefused({ business, from, messageId, ...rest }, reason) {
    this.setDelivered({ business, from, messageId });
    this.#statement(`INSERT INTO refused_message (business, sender, id, message, reason, refused_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`).run(business, from, messageId, JSON.stringify(rest), reason, new Date().toISOString());
    return this.#statement(`DELETE FROM refused_message WHERE business = ? AND position NOT IN
      (SELECT position FROM refused_message WHERE business = ? ORDER BY position DESC LIMIT ${KEPT_REFUSED})`).run(business, business).changes;
  }

  /** The messages of a business that the API will not take, oldest first. */
  refusedMessages(business) {
    return this.#statement('SELECT * FROM refused_message WHERE business = ? ORDER BY position')
      .all(business)
      .map(({ id, sender, message, reason, refused_at: refusedAt }) => {
        return { refusedAt, reason, message: { business, messageId: id, from: sender, ...JSON.parse(message) } };
      });
  }

  /** How many refused messages each business has. */
  refusedCounts() {
    return this.#statement('SELECT business, count(*) AS messages FROM refused_message GROUP BY business').all();
  }

  /** Puts the refused messages of a business among those that the API does not have yet. */
  takeBackRefused(business) {
    this.#statement(`INSERT INTO received_message (business, sender, id, message)
      SELECT business, sender, id, message FROM refused_message WHERE business = ? ORDER BY position
      ON CONFLICT (business, sender, id) DO UPDATE SET message = excluded.message`).run(business);
    this.removeRefused(business);
  }

  removeRefused(business) {
    return this.#statement('DELETE FROM refused_message WHERE business = ?').run(business).changes;
  }

  /** Removes refused messages whose time is over; returns how many. */
  removeOldRefused(now = Date.now()) {
    const before = new Date(now - KEPT_REFUSED_DAYS * 24 * 3_600_000).toISOString();
    return this.#statement('DELETE FROM refused_message WHERE refused_at < ?').run(before).changes;
  }

  /** Removes the texts of one sender's messages; their ids stay, so that they are not taken again. */
  removeMessagesOf(business, sender) {
    this.#statement('UPDATE received_message SET message = NULL WHERE business = ? AND sender = ?').run(business, sender);
    this.#statement('DELETE FROM refused_message WHERE business = ? AND sender = ?').run(business, sender);
  }

  /** Removes all messages of a business. */
  removeMessages(business) {
    this.#statement('DELETE FROM received_message WHERE business = ?').run(business);
    this.removeRefused(business);
  }

  #prepare() {
    // Held until the process ends, however it ends: a second process is refused, and no file is shared between them.
    this.#database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    // Pages, 16 MB: everything waits while they are brought into the file, and most of them are the same few.
    this.#database.exec('PRAGMA wal_autocheckpoint = 4000');
    // What is deleted is overwritten, so that erased texts are not in the file any more.
    this.#database.exec('PRAGMA secure_delete = ON');
    const version = this.#statement('PRAGMA user_version').pluck().get();
    const damage = this.#statement('PRAGMA quick_check(1)').pluck().get();
    if (damage !== 'ok') throw Object.assign(new Error(damage), { code: 'SQLITE_CORRUPT' });
    if (version > VERSION) throw Object.assign(new Error('layout of a newer release'), { code: 'NEWER' });
    if (version === 0) this.#database.transaction(() => this.#database.exec(LAYOUT)).exclusive();
    this.#database.exec(REFUSED);
    // An earlier release kept sent texts without their addressees, by which they could not be erased.
    this.#database.exec(`DELETE FROM session_entry WHERE kind = 'sent'`);
  }

  #statement(sql) {
    return (this.#statements[sql] ??= this.#database.prepare(sql));
  }

  #setFailure(failure) {
    if (failure === this.failure) return;
    this.failure = failure;
    // Not at once: those who are told write, and the caller has not dealt with this write yet.
    queueMicrotask(() => this.onFailureChange(failure));
  }
}

/** The service kept journals before its first release. They are not read, and nothing of them is removed. */
function refuseJournals(folder) {
  const names = readdirSync(folder);
  const sessions = names.includes('sessions') ? readdirSync(path.join(folder, 'sessions')) : [];
  if (!names.includes('spool.journal') && !sessions.some((name) => name.endsWith('.journal'))) return;
  throw new VolumeError(
    `BAILEYS_DATA ${folder} was written by a version from before the first release, which nothing reads any more: ` +
      'remove its spool.journal and sessions/ (or the volume), start again and let each business scan its QR code anew.',
    undefined,
    EXIT_CONFIG
  );
}

function explain(error, folder, file) {
  const { code } = error;
  const volume = `BAILEYS_DATA ${folder}`;
  const refusal = (text, exitCode = EXIT_CONFIG) => new VolumeError(text, error, exitCode);
  if (code === 'ERR_DLOPEN_FAILED' || /bindings file/.test(error.message)) {
    return refusal(`better-sqlite3 is not built for Node.js ${process.version}: run 'npm ci' in the folder of the WhatsApp service.`);
  }
  if (!code) return error;
  if (code === 'SQLITE_BUSY') {
    return refusal(`${volume} is in use by another process of the WhatsApp service: stop that one, or set another folder.`, 1);
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return refusal(`${volume} has no room (${code}): free some disk space and start again.`, 1);
  }
  if (code === 'NEWER') return refusal(`${file} was written by a newer release of the WhatsApp service: start that one.`);
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    const remedy = `remove it and ${path.basename(file)}-wal, start again and let each business scan its QR code anew`;
    return refusal(`${file} is damaged (${code}): ${remedy}.`);
  }
  const owner = `user ${process.getuid?.()}`;
  return refusal(`${volume} cannot be written (${code}): set a folder that ${owner} owns, on a volume that is mounted for writing.`);
}
