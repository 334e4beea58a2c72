import { createHash, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import { mask } from './log.mjs';
import { TimedOutError } from './session.mjs';
import { NotConnectedError, RefusedError } from './whatsapp.mjs';

const MAX_BODY = 64 * 1024;
const BUSINESS = /^[1-9]\d{0,14}$/;
const CUSTOMER = /^\d{5,20}@(s\.whatsapp\.net|lid)$/;
const MESSAGE_ID = /^[\w.-]{1,128}$/;

/** An answer in the form of RFC 9457. */
class Problem extends Error {
  constructor(status, type, title, detail, headers = {}) {
    super(detail);
    Object.assign(this, { status, type, title, headers });
  }
}

/** The service's own HTTP interface, over the sessions. */
export class HttpApi {
  #sessions;
  #secret;
  #version;
  #log;
  #stopping = false;
  #busy = 0;
  #idle = null;

  constructor({ sessions, secret, version, log }) {
    this.#sessions = sessions;
    this.#secret = digest(secret);
    this.#version = version;
    this.#log = log;
    this.server = http.createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 }, (request, response) => this.#handle(request, response));
  }

  listen(port, host) {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve(this.server.address().port);
      });
    });
  }

  /** From here on `/healthz` says that it is stopping and every other new request is refused. Waits for the others. */
  async drain(timeoutMs) {
    this.#stopping = true;
    if (this.#busy === 0) return;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }

  async #handle(request, response) {
    const [pathname] = request.url.split('?', 1);
    if (pathname === '/healthz' && request.method === 'GET') return this.#health(response);
    this.#busy++;
    try {
      const { status, body } = await this.#answer(request, pathname);
      send(response, status, body);
    } catch (error) {
      this.#refuse(request, response, error);
    } finally {
      this.#busy--;
      if (this.#busy === 0) this.#idle?.();
    }
  }

  #health(response) {
    if (this.#stopping) return send(response, 503, { status: 'stopping' });
    send(response, 200, { status: 'ok', service: 'baileys', version: this.#version, timestamp: new Date().toISOString() });
  }

  #refuse(request, response, error) {
    let problem = error;
    if (!(error instanceof Problem)) {
      this.#log.error({ error: mask(error.message), method: request.method }, 'request failed');
      problem = new Problem(500, 'internal', 'Internal error', 'The service failed; its log says more.');
    }
    const { status, type, title, message, headers } = problem;
    // A body that was not read to its end makes the connection useless for another request.
    if (!request.complete) response.setHeader('connection', 'close');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    send(response, status, { type: `urn:prosaas:problem:${type}`, title, status, detail: message }, 'application/problem+json');
  }

  async #answer(request, pathname) {
    if (!this.#authorized(request)) {
      throw new Problem(401, 'unauthorized', 'Unauthorized', 'Send the shared secret as Authorization: Bearer.', { 'www-authenticate': 'Bearer' });
    }
    if (this.#stopping) {
      throw new Problem(503, 'stopping', 'Stopping', 'The service is stopping.', { 'retry-after': '5', connection: 'close' });
    }
    const [, root, business, action, rest] = pathname.split('/');
    if (root !== 'sessions' || rest !== undefined) throw notFound();
    if (business === undefined) {
      return this.#by(request, { GET: () => ({ status: 200, body: { sessions: this.#sessions.list() } }) });
    }
    if (!BUSINESS.test(business)) throw notFound();
    return this.#one(request, Number(business), action);
  }

  #one(request, business, action) {
    switch (action) {
      case undefined:
        return this.#by(request, {
          GET: () => ({ status: 200, body: this.#session(business).view() }),
          POST: async () => ({ status: 202, body: (await this.#sessions.start(business)).view() }),
          DELETE: async () => {
            this.#session(business);
            await this.#sessions.remove(business).catch((error) => {
              throw new Problem(503, 'not-removed', 'Not removed', `The stored session could not be removed (${error.code ?? 'error'}).`);
            });
            return { status: 204 };
          }
        });
      case 'restart':
        return this.#by(request, {
          POST: async () => {
            this.#session(business);
            const session = await this.#sessions.restart(business);
            return { status: 202, body: (session ?? this.#session(business)).view() };
          }
        });
      case 'messages':
        return this.#by(request, { POST: () => this.#sendMessage(request, business) });
      default:
        throw notFound();
    }
  }

  async #sendMessage(request, business) {
    const { to, text, messageId } = checkMessage(await readJson(request));
    const session = this.#session(business);
    try {
      await session.send(to, text, messageId);
    } catch (error) {
      if (error instanceof NotConnectedError) throw new Problem(409, 'not-connected', 'Not connected', error.message);
      if (error instanceof RefusedError) throw new Problem(422, 'refused-by-whatsapp', 'Refused by WhatsApp', error.message);
      if (error instanceof TimedOutError) {
        throw new Problem(503, 'timed-out', 'Timed out', `${error.message} Repeat it with the same messageId.`, { 'retry-after': '1' });
      }
      this.#log.error({ business, error: mask(error?.message ?? error) }, 'message not sent');
      throw new Problem(503, 'not-sent', 'Not sent', 'The message could not be sent. Repeat it with the same messageId.', { 'retry-after': '1' });
    }
    return { status: 200, body: { messageId } };
  }

  #session(business) {
    const session = this.#sessions.get(business);
    if (!session) throw new Problem(404, 'no-session', 'No session', `Business ${business} has no session.`);
    return session;
  }

  #by(request, methods) {
    const method = methods[request.method];
    if (method) return method();
    throw new Problem(405, 'method-not-allowed', 'Method not allowed', `Use ${Object.keys(methods).join(', ')}.`, {
      allow: Object.keys(methods).join(', ')
    });
  }

  // Hashes are of one length, so the comparison takes the same time for every guess.
  #authorized(request) {
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    return timingSafeEqual(digest(given), this.#secret);
  }
}

function checkMessage({ to, text, messageId }) {
  const wrong = [];
  if (typeof to !== 'string' || !CUSTOMER.test(to)) wrong.push('to must be a customer such as 972545550001@s.whatsapp.net');
  if (typeof text !== 'string' || text.trim() === '') wrong.push('text must be a text that is not empty');
  if (typeof messageId !== 'string' || !MESSAGE_ID.test(messageId)) wrong.push('messageId must be 1 to 128 letters, digits, ".", "_" or "-"');
  if (wrong.length > 0) throw new Problem(422, 'invalid-message', 'Invalid message', `${wrong.join('; ')}.`);
  return { to, text, messageId };
}

async function readJson(request) {
  const tooLarge = () => new Problem(413, 'too-large', 'Too large', `A body may have ${MAX_BODY} bytes.`);
  if (Number(request.headers['content-length']) > MAX_BODY) throw tooLarge();
  const chunks = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAX_BODY) throw tooLarge();
    chunks.push(chunk);
  }
  let value;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Problem(400, 'invalid-json', 'Invalid JSON', 'The body is not JSON.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Problem(400, 'invalid-json', 'Invalid JSON', 'The body must be a JSON object.');
  }
  return value;
}

function send(response, status, body, type = 'application/json') {
  response.statusCode = status;
  response.setHeader('cache-control', 'no-store');
  if (body === undefined) return response.end();
  response.setHeader('content-type', type);
  response.end(JSON.stringify(body));
}

function notFound() {
  return new Problem(404, 'not-found', 'Not found', 'There is nothing at this address.');
}

function digest(text) {
  return createHash('sha256').update(text).digest();
}
