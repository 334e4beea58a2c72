import path from 'node:path';
import { startWhatsAppServer } from '@openclaw/crabline';

/** Starts the fake WhatsApp of `@openclaw/crabline`, on the port of an earlier one where given. */
export async function startWhatsApp(folder, { port, accessToken = 'fake-access' } = {}) {
  const events = [];
  const server = await startWhatsAppServer({
    port,
    accessToken,
    recorderPath: path.join(folder, 'whatsapp.jsonl'),
    onEvent: (event) => void events.push(event)
  });
  const { endpoints, adminToken } = server.manifest;
  return {
    url: endpoints.baileysWebSocketUrl,
    port: Number(new URL(endpoints.baileysWebSocketUrl).port),
    /** Messages that the service sent, decrypted. */
    sent: () => events.filter(({ accepted, body }) => accepted && body?.message).map(({ body }) => toSent(body)),
    /** Ids of messages whose arrival the service has told WhatsApp. */
    receipts: () => events.filter(({ body }) => body?.tag === 'receipt').map(({ body }) => body.attrs.id),
    acks: () => events.filter(({ body }) => body?.tag === 'ack').map(({ body }) => body.attrs.id),
    async inject(body) {
      const response = await fetch(endpoints.adminInboundUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}`, 'x-crabline-admin-token': adminToken },
        body: JSON.stringify(body)
      });
      if (!response.ok) throw new Error(`The fake refused the message: ${response.status} ${await response.text()}`);
      return response.json();
    },
    close: () => server.close()
  };
}

function toSent({ key, message }) {
  return { to: key.remoteJid, id: key.id, text: message.conversation };
}
