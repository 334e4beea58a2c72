import makeWASocket, {
  Browsers,
  DEFAULT_CONNECTION_CONFIG,
  DisconnectReason,
  isLidUser,
  jidDecode,
  jidNormalizedUser,
  unpadRandomMax16
} from 'baileys';
import { customerOf, fromMessage, fromStanza, isIgnoredChat } from './inbound.mjs';
import { keyedLock } from './keyed-lock.mjs';
import { baileysLogger, mask } from './log.mjs';

/** WhatsApp's clients give each contact a new privacy token in each of these (seconds). */
const TOKEN_PERIOD = 7 * 24 * 3_600;

/** WhatsApp refused this message; trying again will not help. */
export class RefusedError extends Error {}
/** There is no connection to send on. */
export class NotConnectedError extends Error {}

/**
 * One connection of one business to WhatsApp by Baileys. It does not reconnect: `onClose` says why it ended.
 *
 * Baileys tells WhatsApp that a message has arrived before anyone can store it. Here `onMessage` comes first, at the
 * only two places where a message can be got hold of in time:
 *  - an encrypted one inside the Signal transaction that decrypts it (`storeFirst`), so that the order is: stored,
 *    then the ratchet's new state written, then the receipt. A crash at any point leaves a message that either is
 *    stored or comes again and can still be decrypted.
 *  - a plain one before Baileys' own handler of the stanza sees it.
 * While `onMessage` is pending nothing of that message is acknowledged; when it rejects the connection is given up, so
 * that WhatsApp sends the message again.
 *
 * @param {{ url?: string, auth: import('./auth-store.mjs').AuthStore, log: object, onQr: (qr: string) => void,
 *   onPaired: () => void, onOpen: () => void, onClose: (end: { code: number, words: string, final: boolean }) => void,
 *   onMessage: (message: object) => Promise<void>, hasRoom: (customer: string) => boolean, onLeft: (chats: number) => void,
 *   roomWait: number }} options without room for a customer its messages are left at WhatsApp, which is told of after each;
 *   `roomWait` ms later it is looked again, and where there is room the connection ends, so that WhatsApp sends them again
 */
export function openWhatsApp({ url, auth, log, onQr, onPaired, onOpen, onClose, onMessage, hasRoom, onLeft, roomWait }) {
  const ciphertexts = new WeakMap();
  const perCustomer = keyedLock();
  const unacknowledged = new Map();
  let ended = false;
  let repository;

  const phoneNumberOf = (lid) => repository.lidMapping.getPNForLID(lid).catch(() => null);

  async function receive(node, content, unpad = (bytes) => bytes) {
    const read = async () => fromStanza(node, unpad(content), { me: auth.creds.me, phoneNumberOf, log });
    const message = await read().catch((error) => {
      // Baileys cannot read it either, and asks the phone for it again a few times.
      log.warn({ from: mask(node.attrs.from), messageId: node.attrs.id, error: mask(error.message) }, 'message cannot be read');
      return null;
    });
    try {
      if (message && !ended) await onMessage(message);
    } catch (error) {
      abandon({ code: DisconnectReason.connectionClosed, words: `a message could not be stored: ${error.message}` });
      throw error;
    }
    // The next connection gets this message again: its keys must still be there.
    if (ended) throw new NotConnectedError('The connection was lost.');
  }

  function makeSignalRepository(signalAuth, ...rest) {
    repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(signalAuth, ...rest);
    const decryptMessage = repository.decryptMessage.bind(repository);
    repository.decryptMessage = ({ jid, type, ciphertext }) =>
      perCustomer(userOf(jid), () =>
        // The inner transaction joins this one, so the ratchet is written when the message is stored, not before.
        signalAuth.keys.transaction(async () => {
          const padded = await decryptMessage({ jid, type, ciphertext });
          const node = ciphertexts.get(ciphertext);
          if (node) await receive(node, padded, unpadRandomMax16);
          return padded;
        }, jid)
      );
    return repository;
  }

  const logger = baileysLogger(log);
  const socket = makeWASocket({
    ...(url ? { waWebSocketUrl: url } : {}),
    auth: { creds: auth.creds, keys: auth.keys },
    logger,
    browser: Browsers.ubuntu('Chrome'),
    makeSignalRepository,
    shouldIgnoreJid: isIgnoredChat,
    // The owner's phone goes on ringing, and the whole past of the number is not our business.
    markOnlineOnConnect: false,
    syncFullHistory: false,
    emitOwnEvents: false,
    defaultQueryTimeoutMs: 20_000,
    // A message that cannot be read would hold up all customers' messages for so long.
    retryRequestDelayMs: 0,
    getMessage: async (key) => {
      const text = auth.sentText(key.id);
      return text === undefined ? undefined : { extendedTextMessage: { text } };
    }
  });

  // Baileys listens to this event and does nothing with it, which keeps ws from failing: it would wait for its timeout.
  socket.ws.on('unexpected-response', (_, { statusCode }) => abandon({ code: statusCode, words: `the WebSocket was refused with HTTP ${statusCode}` }));

  const [handleMessage] = socket.ws.listeners('CB:message');
  socket.ws.removeAllListeners('CB:message');
  const perChat = keyedLock();
  /** Chats of which messages were left at WhatsApp, with the customers. */
  const left = new Map();
  let roomTimer;

  /** Whether a message may be taken. What follows one that may not is left too, so that it cannot overtake it. */
  async function admits({ attrs }) {
    const customer = left.get(attrs.from) ?? (await customerOf({ attrs }, { me: auth.creds.me, phoneNumberOf }).catch(() => null));
    if (!customer || (!left.has(attrs.from) && hasRoom(customer))) return true;
    if (!left.has(attrs.from)) {
      left.set(attrs.from, customer);
      log.warn({ from: mask(customer), messageId: attrs.id }, 'messages are left at WhatsApp: too much waits for the API');
      onLeft(left.size);
    }
    roomTimer ??= setInterval(() => {
      if (![...left.values()].some(hasRoom)) return;
      abandon({ code: DisconnectReason.connectionClosed, words: 'there is room for the messages that were left at WhatsApp' });
    }, roomWait);
    return false;
  }

  socket.ws.on('CB:message', (node) => {
    const parts = Array.isArray(node.content) ? node.content : [];
    for (const part of parts) if (part.tag === 'enc' && part.content) ciphertexts.set(part.content, node);
    const plain = !isIgnoredChat(node.attrs.from) && parts.find((part) => part.tag === 'plaintext' && part.content);
    // One after the other for each chat. Baileys alone would let messages overtake: it looks things up before it
    // queues, and works off what was sent while it was away beside what comes in now.
    delete node.attrs.offline;
    perChat(node.attrs.from, async () => {
      if (!(await admits(node))) return;
      if (plain) await receive(node, plain.content);
      await handleMessage(node);
    }).catch((error) => log.debug({ error: mask(error.message) }, 'message not taken'));
  });

  socket.ws.on('CB:ack,class:message', ({ attrs }) => {
    const waiting = unacknowledged.get(attrs.id);
    if (!waiting) return;
    if (attrs.error) waiting.reject(new RefusedError(`WhatsApp refused the message with code ${attrs.error}.`));
    else waiting.resolve();
  });

  // What the business's phone sends on later (messages of advertisements, which come without content at first).
  socket.ev.on('messages.upsert', async ({ messages, type, requestId }) => {
    if (type !== 'notify' || !requestId) return;
    for (const each of messages) {
      try {
        const message = await fromMessage(each, { phoneNumberOf, log });
        if (message) await onMessage(message);
      } catch (error) {
        log.warn({ from: mask(each.key?.remoteJid), messageId: each.key?.id, error: mask(error.message) }, 'message not taken');
      }
    }
  });

  socket.ev.on('creds.update', () => auth.saveCreds());
  socket.ev.on('connection.update', ({ connection, qr, isNewLogin, lastDisconnect }) => {
    if (ended) return;
    if (qr) onQr(qr);
    if (isNewLogin) onPaired();
    if (connection === 'open') onOpen();
    if (connection === 'close') {
      finish();
      onClose(describe(lastDisconnect?.error));
    }
  });

  /**
   * With the first message of a period Baileys gives the contact a privacy token. That it did it writes into a transaction
   * which has ended by then, and so it would ask WhatsApp for another with every message.
   */
  async function recordToken(jid) {
    const { keys } = socket.authState;
    const now = Math.floor(Date.now() / 1_000);
    const { [jid]: known } = await keys.get('tctoken', [jid]);
    const period = (time) => Math.floor(time / TOKEN_PERIOD);
    if (period(known?.senderTimestamp ?? 0) === period(now)) return;
    await keys.set({ tctoken: { [jid]: { token: Buffer.alloc(0), ...known, senderTimestamp: now } } });
  }

  function finish() {
    ended = true;
    clearInterval(roomTimer);
    for (const waiting of unacknowledged.values()) waiting.reject(new NotConnectedError('The connection was lost.'));
    unacknowledged.clear();
  }

  /** Ends the connection at once, also one that hangs: Baileys alone would wait for the other side's goodbye. */
  function terminate() {
    socket.end(undefined).catch(() => {});
    socket.ws.socket?.terminate();
  }

  function abandon({ code, words }) {
    if (ended) return;
    finish();
    terminate();
    onClose({ code, words, final: false });
  }

  return {
    get isOpen() {
      return !ended && socket.ws.isOpen;
    },

    /** Resolves when WhatsApp's server has acknowledged the message. */
    async send(to, text, messageId) {
      if (ended || !socket.ws.isOpen) throw new NotConnectedError('There is no connection to WhatsApp.');
      const acknowledged = new Promise((resolve, reject) => unacknowledged.set(messageId, { resolve, reject }));
      acknowledged.catch(() => {});
      try {
        auth.rememberSent(messageId, to, text);
        const customer = isLidUser(to) ? to : await repository.lidMapping.getLIDForPN(to).catch(() => null);
        await perCustomer(userOf(customer ?? to), () => socket.sendMessage(to, { text, linkPreview: null }, { messageId }));
        await acknowledged;
        await recordToken(jidNormalizedUser(customer ?? to));
      } catch (error) {
        // Baileys rejects with all sorts of things when the connection drops under a query.
        if (ended || !socket.ws.isOpen || error?.output?.statusCode === DisconnectReason.connectionClosed) {
          throw new NotConnectedError('The connection was lost.', { cause: error });
        }
        throw error;
      } finally {
        unacknowledged.delete(messageId);
      }
    },

    /** Takes this device off the business's account. */
    async logout() {
      const done = socket.logout();
      finish();
      await done;
      terminate();
    },

    end() {
      finish();
      terminate();
    }
  };
}

function userOf(jid) {
  return jidDecode(jid)?.user ?? jid;
}

/** Why a connection ended. It is final only in WhatsApp's own words: a proxy on the way can answer 401 or 403 too. */
function describe(error) {
  const code = error?.output?.statusCode ?? DisconnectReason.connectionClosed;
  const words = error?.message ?? 'the connection was closed';
  const fromTransport = /^WebSocket Error/.test(words);
  return { code, words, final: !fromTransport && FINAL.has(code) };
}

const FINAL = new Set([DisconnectReason.loggedOut, DisconnectReason.forbidden, DisconnectReason.multideviceMismatch]);
