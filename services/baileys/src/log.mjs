import pino from 'pino';
import { escapeControls } from './text.mjs';

/** One JSON line an event on standard output. What pino leaves of control characters is escaped too. */
export function createLog(level, destination) {
  return pino({
    level,
    base: { service: 'baileys' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    hooks: { streamWrite: (line) => `${escapeControls(line.trimEnd())}\n` }
  }, destination);
}

/** The last three digits of a phone number, jid or any text with numbers in it: enough to tell customers apart. */
export function mask(text) {
  return String(text).replace(/\d{4,}/g, (digits) => '…' + digits.slice(-3));
}

/** What Baileys calls errors and is only a connection that dropped in the middle of something. */
const ORDINARY = new Set(['transaction failed, rolling back', 'error in handling message', 'failed to ack message after error']);

/**
 * Baileys' logger. Its log objects hold whole stanzas, keys and phone numbers, so only its words are passed on, with
 * the numbers in them masked, and only from `warn` up.
 */
export function baileysLogger(log) {
  const pass = (level) => (first, second) => {
    const words = typeof first === 'string' ? first : second;
    const cause = first?.err ?? first?.error ?? first?.e;
    log[ORDINARY.has(words) ? 'debug' : level]({ source: 'baileys', error: cause?.message ? mask(cause.message) : undefined }, mask(words ?? ''));
  };
  const ignore = () => {};
  return {
    level: 'warn',
    child: () => baileysLogger(log),
    trace: ignore,
    debug: ignore,
    info: ignore,
    warn: pass('debug'),
    error: pass('warn')
  };
}

/** libsignal prints whole sessions, private keys included, with `console`. Nothing here writes with it on purpose. */
export function silenceConsole() {
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir']) console[method] = () => {};
}
