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
 * @param {(lid: string) => Promise<string | null>} phoneNumberOf the phone-number jid of a lid jid, where it is known
 */
export async function fromStanza(node, content, { me, phoneNumberOf }) {
  const { fullMessage } = decodeMessageNode(node, me.id, me.lid ?? '');
  if (fullMessage.category === 'peer') return null;
  let message = proto.Message.decode(content);
  message = message.deviceSentMessage?.message ?? message;
  return fromMessage({ ...fullMessage, message }, phoneNumberOf);
}

/** The same for a message that Baileys has put together already. */
export async function fromMessage({ key, message, messageTimestamp, pushName }, phoneNumberOf) {
  if (!key?.id || key.fromMe || !key.remoteJid || isIgnoredChat(key.remoteJid)) return null;
  const what = contentOf(message);
  if (!what) return null;
  return {
    messageId: key.id,
    from: await sender(key, phoneNumberOf),
    name: pushName || null,
    ...what,
    sentAt: new Date(Number(messageTimestamp) * 1000 || Date.now()).toISOString()
  };
}

function contentOf(message) {
  const content = normalizeMessageContent(message);
  if (!content) return null;
  const text =
    content.conversation ||
    content.extendedTextMessage?.text ||
    content.buttonsResponseMessage?.selectedDisplayText ||
    content.templateButtonReplyMessage?.selectedDisplayText ||
    content.listResponseMessage?.title ||
    null;
  if (text) return { kind: 'text', text, mediaType: null };
  for (const [field, mediaType] of Object.entries(MEDIA)) {
    if (content[field]) return { kind: 'media', text: content[field].caption || null, mediaType };
  }
  return null;
}

async function sender({ remoteJid, remoteJidAlt }, phoneNumberOf) {
  const jid = jidNormalizedUser(remoteJid);
  if (!isLidUser(jid)) return jid;
  const known = remoteJidAlt && !isLidUser(remoteJidAlt) ? remoteJidAlt : await phoneNumberOf(jid);
  return known ? jidNormalizedUser(known) : jid;
}
