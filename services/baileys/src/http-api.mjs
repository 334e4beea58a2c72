import { createHash, timingSafeEqual } from 'node:crypto';
import fastify from 'fastify';
import { mask } from './log.mjs';
import { TimedOutError } from './session.mjs';
import { clean } from './text.mjs';
import { VolumeError } from './store.mjs';
import { NotConnectedError, RefusedError } from './whatsapp.mjs';

const MAX_BODY = 64 * 1024;
const SESSION = '/sessions/:business(^[1-9]\\d{0,14}$)';

const MESSAGE = {
  type: 'object',
  required: ['to', 'text', 'messageId'],
  properties: {
    to: { type: 'string', pattern: '^\\d{5,20}@(s\\.whatsapp\\.net|lid)$' },
    text: { type: 'string', pattern: '\\S' },
    messageId: { type: 'string', pattern: '^[\\w.-]{1,128}$' }
  }
};
const ERASURE = {
  type: 'object',
  required: ['customers'],
  properties: {
    customers: { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', pattern: '^[^\\s@]{1,99}@[a-z.]{1,28}$' } }
  }
};
const RULES = {
  to: 'to must be a customer such as 972545550001@s.whatsapp.net',
  text: 'text must be a text that is not empty',
  messageId: 'messageId must be 1 to 128 letters, digits, ".", "_" or "-"',
  customers: 'customers must be 1 to 100 customers such as 972545550001@s.whatsapp.net or 123456789@lid'
};

/** An answer in the form of RFC 9457. */
class Problem extends Error {
  constructor(status, type, title, detail, headers = {}) {
    super(detail);
    Object.assign(this, { status, type, title, headers });
  }
}

/** The service's own HTTP interface, over the sessions. */
export class HttpApi {
  #app;
  #sessions;
  #delivery;
  #secret;
  #log;
  #stopping = false;
  #busy = 0;
  #idle = null;

  constructor({ sessions, delivery, secret, version, log }) {
    this.#sessions = sessions;
    this.#delivery = delivery;
    this.#secret = digest(secret);
    this.#log = log;
    const refuse = (error, request, reply) => this.#refuse(error, request, reply);
    this.#app = fastify({
      bodyLimit: MAX_BODY,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      http: { headersTimeout: 10_000 },
      forceCloseConnections: true,
      exposeHeadRoutes: false,
      ajv: { customOptions: { allErrors: true, coerceTypes: false } },
      frameworkErrors: refuse
    });
    // Whatever its content type says, a body is JSON or is not looked at.
    this.#app.removeAllContentTypeParsers();
    this.#app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
    this.#app.addHook('onRequest', async (request, reply) => this.#admit(request, reply));
    this.#app.setErrorHandler(refuse);
    this.#app.setNotFoundHandler(async () => {
      throw new Problem(404, 'not-found', 'Not found', 'There is nothing at this address.');
    });
    this.#addRoutes(version);
  }

  async listen(port, host) {
    await this.#app.listen({ port, host });
    return this.#app.server.address().port;
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
    return this.#app.close();
  }

  #addRoutes(version) {
    this.#app.route({
      method: ['GET', 'HEAD'],
      url: '/healthz',
      handler: async (_, reply) => {
        if (!this.#stopping) return { status: 'ok', service: 'baileys', version, timestamp: new Date().toISOString() };
        reply.code(503);
        return { status: 'stopping' };
      }
    });
    this.#add('/sessions', { GET: { handler: async () => ({ sessions: this.#sessions.list(), ...this.#delivery.counts() }) } });
    this.#add(SESSION, {
      GET: { handler: async (request) => this.#session(request).view() },
      POST: {
        handler: async (request, reply) => {
          const session = await this.#sessions.start(businessOf(request));
          return reply.code(202).send(session.view());
        }
      },
      DELETE: { handler: (request, reply) => this.#remove(request, reply) }
    });
    this.#add(`${SESSION}/restart`, {
      POST: {
        handler: async (request, reply) => {
          this.#session(request);
          const session = await this.#sessions.restart(businessOf(request));
          return reply.code(202).send((session ?? this.#session(request)).view());
        }
      }
    });
    this.#add(`${SESSION}/messages`, {
      POST: { preValidation: readJson, schema: { body: MESSAGE }, handler: (request) => this.#sendMessage(request) }
    });
    this.#add(`${SESSION}/erasures`, {
      POST: {
        preValidation: readJson,
        schema: { body: ERASURE },
        handler: async (request, reply) => {
          this.#sessions.erase(businessOf(request), request.body.customers);
          return reply.code(204).send();
        }
      }
    });
    // With or without a session: what was put aside outlives it.
    this.#add(`${SESSION}/refused`, {
      GET: { handler: async (request) => ({ refused: this.#delivery.refused(businessOf(request)) }) },
      POST: { handler: async (request, reply) => reply.code(202).send({ messages: this.#delivery.retryRefused(businessOf(request)) }) },
      DELETE: {
        handler: async (request, reply) => {
          this.#delivery.dropRefused(businessOf(request));
          return reply.code(204).send();
        }
      }
    });
  }

  /** Routes of one address by their methods; every other method is 405. */
  #add(url, routes) {
    const methods = Object.keys(routes);
    for (const method of methods) this.#app.route({ method, url, ...routes[method] });
    this.#app.route({
      method: this.#app.supportedMethods.filter((method) => !methods.includes(method)),
      url,
      handler: async () => {
        const allow = methods.join(', ');
        throw new Problem(405, 'method-not-allowed', 'Method not allowed', `Use ${allow}.`, { allow });
      }
    });
  }

  #admit(request, reply) {
    reply.header('cache-control', 'no-store');
    if (request.routeOptions.url === '/healthz') return;
    this.#busy++;
    reply.raw.once('close', () => {
      this.#busy--;
      if (this.#busy === 0) this.#idle?.();
    });
    // Hashes are of one length, so the comparison takes the same time for every guess.
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!timingSafeEqual(digest(given), this.#secret)) {
      throw new Problem(401, 'unauthorized', 'Unauthorized', 'Send the shared secret as Authorization: Bearer.', {
        'www-authenticate': 'Bearer'
      });
    }
    if (this.#stopping) {
      throw new Problem(503, 'stopping', 'Stopping', 'The service is stopping.', { 'retry-after': '5', connection: 'close' });
    }
  }

  async #remove(request, reply) {
    this.#session(request);
    await this.#sessions.remove(businessOf(request)).catch((error) => {
      throw new Problem(503, 'not-removed', 'Not removed', `The stored session could not be removed (${error.code ?? 'error'}).`);
    });
    return reply.code(204).send();
  }

  async #sendMessage(request) {
    const { to, text, messageId } = request.body;
    const session = this.#session(request);
    try {
      await session.send(to, text, messageId);
    } catch (error) {
      if (error instanceof NotConnectedError) throw new Problem(409, 'not-connected', 'Not connected', error.message);
      if (error instanceof RefusedError) throw new Problem(422, 'refused-by-whatsapp', 'Refused by WhatsApp', error.message);
      if (error instanceof TimedOutError) throw repeatable('timed-out', 'Timed out', error.message);
      this.#log.error({ business: session.business, error: mask(error?.message ?? error) }, 'message not sent');
      throw repeatable('not-sent', 'Not sent', 'The message could not be sent.');
    }
    return { messageId };
  }

  #session(request) {
    const business = businessOf(request);
    const session = this.#sessions.get(business);
    if (!session) throw new Problem(404, 'no-session', 'No session', `Business ${business} has no session.`);
    return session;
  }

  #refuse(error, request, reply) {
    const { status, type, title, message, headers } = problemOf(error) ?? this.#unexpected(error, request);
    // A body that was not read to its end makes the connection useless for another request.
    if (!request.raw.complete) reply.header('connection', 'close');
    const problem = { type: `urn:prosaas:problem:${type}`, title, status, detail: message };
    return reply.code(status).headers(headers).type('application/problem+json').serializer(JSON.stringify).send(problem);
  }

  #unexpected(error, request) {
    this.#log.error({ error: mask(error.message), method: request.method }, 'request failed');
    return new Problem(500, 'internal', 'Internal error', 'The service failed; its log says more.');
  }
}

function repeatable(type, title, detail) {
  return new Problem(503, type, title, `${detail} Repeat it with the same messageId.`, { 'retry-after': '1' });
}

function businessOf(request) {
  return Number(request.params.business);
}

async function readJson(request) {
  try {
    request.body = JSON.parse(request.body, (_, value) => (typeof value === 'string' ? clean(value) : value));
  } catch {
    throw new Problem(400, 'invalid-json', 'Invalid JSON', 'The body is not JSON.');
  }
}

/** The problem that an error of the request is, or undefined for one of the service. */
function problemOf(error) {
  if (error instanceof Problem) return error;
  if (error instanceof VolumeError) {
    return new Problem(503, 'not-stored', 'Not stored', `The volume takes no writes (${error.code}).`, { 'retry-after': '5' });
  }
  if (error.validation) {
    const fields = error.validation.map(({ instancePath, params }) => params.missingProperty ?? instancePath.split('/')[1] ?? '');
    if (fields.includes('')) return new Problem(400, 'invalid-json', 'Invalid JSON', 'The body must be a JSON object.');
    const wrong = Object.keys(RULES).filter((field) => fields.includes(field));
    const [type, title] = wrong.includes('customers') ? ['invalid-erasure', 'Invalid erasure'] : ['invalid-message', 'Invalid message'];
    return new Problem(422, type, title, `${wrong.map((field) => RULES[field]).join('; ')}.`);
  }
  if (error.statusCode === 413) return new Problem(413, 'too-large', 'Too large', `A body may have ${MAX_BODY} bytes.`);
  if (error.statusCode < 500) return new Problem(error.statusCode, 'invalid-request', 'Invalid request', error.message);
  return undefined;
}

function digest(text) {
  return createHash('sha256').update(text).digest();
}
