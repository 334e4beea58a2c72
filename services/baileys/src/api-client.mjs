import http from 'node:http';
import https from 'node:https';

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
   * @returns {Promise<{ status: number, retryAfterMs: number | undefined }>} rejects when there is no answer in time, counted
   *   from when there is a connection for the call
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
      request.on('error', reject);
      request.on('response', (response) => {
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode, retryAfterMs: retryAfter(response.headers['retry-after']) }));
        response.resume();
      });
      if (signal?.aborted) onAbort();
      else request.end(bytes);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfter(header) {
  if (!header) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 5 * 60_000) : undefined;
}
