import http from 'node:http';
import https from 'node:https';

/** The API could not be reached, or did not answer in time; `code` says why. Every other error is this service's own. */
export class NoAnswerError extends Error {
  constructor(cause) {
    super(cause.message, { cause });
    this.code = cause.code ?? cause.name;
  }
}

/** Of an answer that is a problem so much is read (bytes), for its type. */
const MAX_PROBLEM = 16 * 1024;

/** Calls the API with the shared secret over a few kept-alive connections; more calls than connections wait for one. */
export class ApiClient {
  #base;
  #secret;
  #agent;
  #request;

  constructor({ apiUrl, secret, maxSockets = 32 }) {
    this.#base = apiUrl;
    this.#secret = secret;
    const secure = apiUrl.startsWith('https:');
    this.#request = secure ? https.request : http.request;
    this.#agent = new (secure ? https.Agent : http.Agent)({ keepAlive: true, maxSockets });
  }

  /**
   * @returns {Promise<{ status: number, type: string | undefined, retryAfterMs: number | undefined }>} `type` is a problem's;
   *   rejects with a {@link NoAnswerError} when there is no answer in time, counted from when there is a connection for the call
   */
  post(path, body, { timeoutMs = 10_000, signal } = {}) {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.from(JSON.stringify(body));
      const request = this.#request(this.#base + path, {
        method: 'POST',
        agent: this.#agent,
        headers: {
          authorization: `Bearer ${this.#secret}`,
          'content-type': 'application/json',
          'content-length': bytes.length
        }
      });
      // By hand: AbortSignal.any keeps what it made for as long as the longest-lived of its signals.
      const give = (code) => request.destroy(Object.assign(new Error('The call was given up.'), { code }));
      let timer;
      const onAbort = () => give('EABORTED');
      request.on('socket', () => (timer = setTimeout(give, timeoutMs, 'ETIMEDOUT')));
      signal?.addEventListener('abort', onAbort, { once: true });
      request.on('close', () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      });
      const fail = (error) => reject(new NoAnswerError(error));
      request.on('error', fail);
      request.on('response', (response) => {
        const chunks = [];
        let size = 0;
        response.on('error', fail);
        response.on('data', (chunk) => {
          size += chunk.length;
          if (size <= MAX_PROBLEM) chunks.push(chunk);
        });
        response.on('end', () => {
          const { statusCode: status, headers } = response;
          resolve({ status, type: status < 400 ? undefined : problemType(chunks), retryAfterMs: retryAfter(headers['retry-after']) });
        });
      });
      if (signal?.aborted) onAbort();
      else request.end(bytes);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

function problemType(chunks) {
  try {
    const { type } = JSON.parse(Buffer.concat(chunks).toString());
    return typeof type === 'string' ? type.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfter(header) {
  if (!header) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 5 * 60_000) : undefined;
}
