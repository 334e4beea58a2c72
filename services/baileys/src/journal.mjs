import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';

/** Below this size (bytes) a journal is never rewritten. */
const COMPACT_FROM = 256 * 1024;
/** What was written without being synced is synced after this time (milliseconds). */
const SYNC_WITHIN = 1_000;

/**
 * A small durable map in one append-only file: a line a write, a JSON object of keys to values, null for a removed key.
 * A write of several keys is one line and so is there whole or not at all: a line torn by a crash is skipped when read.
 * Writes that come while another is under way go out together in the next.
 *
 * A write with `sync` (the default) survives the loss of power when its promise resolves, one without survives the end
 * of the process and, a second later, the loss of power.
 *
 * It survives a full or read-only volume: what could not be written stays in memory, is written with the next write
 * that succeeds, and `failure` says why meanwhile.
 */
export class Journal {
  #file;
  #fs;
  #writeSync;
  #entries = new Map();
  #unwritten = new Map();
  #waiting = [];
  #writing = null;
  #handle = null;
  #size = 0;
  #liveSize = 0;
  #compactAt = COMPACT_FROM;
  #closed = false;
  #unsynced = false;
  #syncTimer = null;

  /** Why the last write failed (the system's error code), or null. */
  failure = null;
  /** Called with `failure` whenever it changes. */
  onFailureChange = () => {};

  constructor(file, { fileSystem = { ...fs, writeSync } } = {}) {
    this.#file = file;
    this.#fs = fileSystem;
    this.#writeSync = fileSystem.writeSync;
  }

  /** Reads what is there. A file that cannot be read counts as empty only when it does not exist. */
  async load() {
    let text;
    try {
      text = await this.#fs.readFile(this.#file, 'utf8');
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      return this;
    }
    for (const line of text.split('\n')) {
      const changes = parseLine(line);
      if (changes) for (const [key, value] of Object.entries(changes)) this.#remember(key, value);
    }
    this.#size = Buffer.byteLength(text);
    return this;
  }

  get(key) {
    return this.#entries.get(key);
  }

  entries() {
    return this.#entries.entries();
  }

  get size() {
    return this.#entries.size;
  }

  /**
   * Takes the changes at once in memory; the promise resolves when they are in the file and rejects when they could
   * not be written.
   */
  write(changes, { sync = true } = {}) {
    this.#take(changes);
    return this.flush({ sync });
  }

  /** Takes changes that nobody waits for: they go out with the next write, or within a second. */
  note(changes) {
    this.#take(changes);
    this.#soon();
  }

  /** Writes what is not written yet. */
  flush({ sync = true } = {}) {
    if (this.#closed) return Promise.reject(Object.assign(new Error('The journal is closed.'), { code: 'ECLOSED' }));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject, sync });
      this.#writing ??= this.#run();
    });
  }

  async close() {
    while (this.#writing) await this.#writing;
    if (this.#unwritten.size > 0 || this.#unsynced) await this.flush().catch(() => {});
    this.#closed = true;
    clearTimeout(this.#syncTimer);
    await this.#handle?.close().catch(() => {});
    this.#handle = null;
  }

  /** Closes the journal and removes its file. Where that fails the journal goes on. */
  async remove() {
    this.#closed = true;
    while (this.#writing) await this.#writing;
    try {
      await this.#fs.rm(this.#file, { force: true });
    } catch (error) {
      this.#closed = false;
      throw error;
    }
    clearTimeout(this.#syncTimer);
    await this.#handle?.close().catch(() => {});
    this.#handle = null;
  }

  async #run() {
    // Not before `#writing` is set, or it would be reset first and set for ever.
    await null;
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting.splice(0);
      const changes = new Map(this.#unwritten);
      try {
        if (changes.size > 0) await this.#append(toLine(changes));
        if (this.#unsynced && waiting.some(({ sync }) => sync)) await this.#sync();
        else if (this.#unsynced) this.#soon();
        for (const [key, value] of changes) {
          if (this.#unwritten.get(key) === value) this.#unwritten.delete(key);
        }
        this.#setFailure(null);
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        this.#setFailure(error.code ?? error.message);
        for (const { reject } of waiting) reject(error);
      }
    }
    this.#writing = null;
  }

  async #append(line) {
    if (!this.#handle) await this.#open();
    if (this.#size > this.#compactAt && this.#size > 4 * this.#liveSize) {
      if (await this.#compact()) return;
    }
    const bytes = Buffer.from(line);
    try {
      // Synchronous: a line goes to the system's cache in microseconds, while a thread of its own for it is a detour
      // that every message would wait for. Always at a place of our choosing: after a failed write the next one goes
      // over what it left.
      let written = 0;
      while (written < bytes.length) {
        written += this.#writeSync(this.#handle.fd, bytes, written, bytes.length - written, this.#size + written);
      }
      this.#size += bytes.length;
      this.#unsynced = true;
    } catch (error) {
      await this.#handle.truncate(this.#size).catch(() => {});
      await this.#drop();
      throw error;
    }
  }

  async #sync() {
    try {
      await this.#handle.datasync();
      this.#unsynced = false;
    } catch (error) {
      // The system may have thrown the unsynced part away and say so only once: all that is live is written again.
      for (const [key, value] of this.#entries) this.#unwritten.set(key, value);
      await this.#drop();
      throw error;
    }
  }

  /** A new handle for the next try: the volume may have been mounted again. */
  async #drop() {
    await this.#handle.close().catch(() => {});
    this.#handle = null;
    this.#unsynced = false;
  }

  #soon() {
    if (this.#syncTimer || this.#closed) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = null;
      this.flush().catch(() => {});
    }, SYNC_WITHIN);
    this.#syncTimer.unref();
  }

  #take(changes) {
    for (const [key, value] of Object.entries(changes)) {
      this.#remember(key, value);
      this.#unwritten.set(key, value);
    }
  }

  async #open() {
    await this.#fs.mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    this.#handle = await this.#fs.open(this.#file, this.#fs.constants.O_RDWR | this.#fs.constants.O_CREAT, 0o600);
    // A crash may have left half a line: the next one starts on a line of its own.
    this.#size = (await this.#handle.stat()).size;
    if (this.#size === 0) await syncFolder(this.#fs, path.dirname(this.#file));
    else {
      const last = Buffer.alloc(1);
      await this.#handle.read(last, 0, 1, this.#size - 1);
      if (last.toString() !== '\n') this.#size += (await this.#handle.write('\n', this.#size)).bytesWritten;
    }
  }

  /** Writes only what is live to a new file, which then takes the old one's name. */
  async #compact() {
    const temporary = `${this.#file}.new`;
    let next;
    try {
      const text = this.#entries.size > 0 ? toLine(this.#entries) : '';
      next = await this.#fs.open(temporary, 'w', 0o600);
      await next.writeFile(text);
      await next.datasync();
      await this.#fs.rename(temporary, this.#file);
      await syncFolder(this.#fs, path.dirname(this.#file));
      await this.#handle.close().catch(() => {});
      // Opened for truncation, which is past: from here on it is written at the places we choose.
      this.#handle = next;
      this.#size = Buffer.byteLength(text);
      this.#unsynced = false;
      this.#compactAt = COMPACT_FROM;
      return true;
    } catch {
      // No room for a second copy: go on with the long file and try again when it has grown.
      await next?.close().catch(() => {});
      await this.#fs.rm(temporary, { force: true }).catch(() => {});
      this.#compactAt = this.#size * 2;
      return false;
    }
  }

  #remember(key, value) {
    const before = this.#entries.get(key);
    if (before !== undefined) this.#liveSize -= weigh(key, before);
    if (value === null) this.#entries.delete(key);
    else {
      this.#entries.set(key, value);
      this.#liveSize += weigh(key, value);
    }
  }

  #setFailure(failure) {
    if (failure === this.failure) return;
    this.failure = failure;
    this.onFailureChange(failure);
  }
}

// Member by member, so that no object of a thousand keys is made on the way.
function toLine(entries) {
  const members = [];
  for (const [key, value] of entries) members.push(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${members.join(',')}}\n`;
}

function parseLine(line) {
  if (!line) return undefined;
  try {
    const value = JSON.parse(line);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// Values are strings in the auth store; the few that are objects (spooled messages) are small, so a guess will do.
function weigh(key, value) {
  return key.length + (typeof value === 'string' ? value.length : 500);
}

async function syncFolder(fileSystem, folder) {
  const handle = await fileSystem.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
