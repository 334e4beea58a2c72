import {
  decodeMessageNode,
  isJidBroadcast,
  isJidGroup,
  isJidNewsletter,
  isLidUser,
  jidNormalizedUser,
  normalizeMessageContent,
  proto
} from 'baileys';
import { createHash } from 'node:crypto';
import { mask } from './log.mjs';
import { clean, cut } from './text.mjs';

/** As long as the API takes them, in UTF-16 units. */
const MAX_TEXT = 65_536;
const MAX_NAME = 100;
/** An id or address that the API takes as it is. */
const PLAIN_ID = /^[\x21-\x7e]{1,128}$/;
/** A clock that is further ahead (milliseconds) is wrong. */
const MAX_AHEAD = 24 * 3_600_000;

/** What a customer can send that is not text, by the name of the field that WhatsApp puts it in. */
const MEDIA = {
  imageMessage: 'image',
  videoMessage: 'video',
  ptvMessage: 'video',
  audioMessage: 'audio',
  documentMessage: 'document',
  stickerMessage: 'sticker',
  lottieStickerMessage: 'sticker',
  locationMessage: 'location',
  liveLocationMessage: 'location',
  contactMessage: 'contact',
  contactsArrayMessage: 'contact'
};

/** True for everything that is not a conversation with one customer: groups, status updates, lists, channels. */
export function isIgnoredChat(jid) {
  return Boolean(isJidGroup(jid) || isJidBroadcast(jid) || isJidNewsletter(jid));
}

/**
 * A received `<message>` stanza with its decrypted content as the API takes it, or null for what is no business of an
 * agent: groups, own messages, status updates, reactions, receipts of polls, deletions and the protocol's own traffic.
 * @param {{ phoneNumberOf: (lid: string) => Promise<string | null> }} options gives the phone-number jid of a lid jid,
 *   where it is known
 */
export async function fromStanza(node, content, { me, ...rest }) {
  const { fullMessage } = decodeMessageNode(node, me.id, me.lid ?? '');
  if (fullMessage.category === 'peer') return null;
  let message = proto.Message.decode(content);
  message = message.deviceSentMessage?.message ?? message;
  return fromMessage({ ...fullMessage, message }, rest);
}

/** What the API knows a message by: the sender's phone chose its id, so it may be anything. */
export function messageIdOf(id) {
  return PLAIN_ID.test(id) ? id : `sha256-${createHash('sha256').update(id).digest('hex')}`;
}

/** The same for a message that Baileys has put together already. */
export async function fromMessage({ key, message, messageTimestamp, pushName }, { phoneNumberOf, log }) {
  if (!key?.id || key.fromMe || !key.remoteJid || isIgnoredChat(key.remoteJid)) return null;
  const what = contentOf(message);
  if (!what) return null;
  const from = await sender(key, phoneNumberOf);
  if (!PLAIN_ID.test(from)) throw new Error('It has an address that is none.');
  const text = what.text && cut(what.text, MAX_TEXT);
  if (text !== what.text) log.warn({ from: mask(from), messageId: key.id, length: what.text.length, kept: text.length }, 'text cut');
  return {
    messageId: messageIdOf(key.id),
    from,
    name: cut(clean(pushName ?? '').trim(), MAX_NAME) || null,
    ...what,
    text,
    sentAt: sentAt(Number(messageTimestamp) * 1000)
  };
}

/** The address that a chat's stanza is from as the API takes it, or null where it is not a customer's. */
export async function customerOf(node, { me, phoneNumberOf }) {
  const { key } = decodeMessageNode(node, me.id, me.lid ?? '').fullMessage;
  return key.fromMe || isIgnoredChat(key.remoteJid) ? null : sender(key, phoneNumberOf);
}

function sentAt(ms) {
  const now = Date.now();
  return new Date(ms > 0 && ms < now + MAX_AHEAD ? ms : now).toISOString();
}

function contentOf(message) {
  const content = normalizeMessageContent(message);
  if (!content) return null;
  const text = textOf(
    content.conversation ||
      content.extendedTextMessage?.text ||
      content.buttonsResponseMessage?.selectedDisplayText ||
      content.templateButtonReplyMessage?.selectedDisplayText ||
      content.listResponseMessage?.title
  );
  if (text) return { kind: 'text', text, mediaType: null };
  for (const [field, mediaType] of Object.entries(MEDIA)) {
    if (content[field]) return { kind: 'media', text: textOf(content[field].caption), mediaType };
  }
  return null;
}

/** The text as the API takes it, or null where there is nothing to read. */
function textOf(text) {
  const cleaned = clean(text ?? '');
  return cleaned.trim() ? cleaned : null;
}

async function sender({ remoteJid, remoteJidAlt }, phoneNumberOf) {
  const jid = jidNormalizedUser(remoteJid);
  if (!isLidUser(jid)) return jid;
  const known = remoteJidAlt && !isLidUser(remoteJidAlt) ? remoteJidAlt : await phoneNumberOf(jid);
  return known ? jidNormalizedUser(known) : jid;
}
