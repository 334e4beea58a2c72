import assert from 'node:assert/strict';
import http from 'node:http';
import { before, test, after } from 'node:test';
import pino from 'pino';
import { HttpApi } from '../src/http-api.mjs';
import { client, SECRET } from './fixture.mjs';

const session = { view: () => ({ business: 7, state: 'connected' }), send: async () => {}, restart: async () => {} };
const sessions = { list: () => [session.view()], get: (business) => (business === 7 ? session : undefined), start: async () => session, remove: async () => true, erase: () => {} };
const delivery = { counts: () => ({}), refused: () => [], retryRefused: () => 0, dropRefused: () => {} };
let api;
let port;
let call;

before(async () => {
  api = new HttpApi({ sessions, delivery, secret: SECRET, version: '1.2.3', log: pino({ level: 'silent' }) });
  port = await api.listen(0, '127.0.0.1');
  ({ call } = client(port));
});
after(() => api.close());

const isProblem = ({ status, headers, body }, expected, type) => {
  assert.equal(status, expected);
  assert.equal(headers.get('content-type'), 'application/problem+json');
  assert.equal(body.type, `urn:prosaas:problem:${type}`);
  assert.equal(body.status, expected);
  assert.ok(body.title && body.detail);
};

test('/healthz needs no secret and says who it is', async () => {
  const { status, headers, body } = await call('GET', '/healthz', { secret: null });
  assert.equal(status, 200);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.deepEqual({ ...body, timestamp: '' }, { status: 'ok', service: 'baileys', version: '1.2.3', timestamp: '' });
  assert.ok(Date.parse(body.timestamp));
});

test('Every other call without the secret, or with a wrong one, is refused, whatever it asks for', async () => {
  for (const secret of [null, 'wrong', SECRET + 'x', SECRET.slice(1)]) {
    for (const [method, path] of [['GET', '/sessions'], ['POST', '/sessions/7'], ['DELETE', '/sessions/7'], ['POST', '/sessions/7/messages'], ['GET', '/nothing'], ['POST', '/healthz']]) {
      isProblem(await call(method, path, { secret }), 401, 'unauthorized');
    }
  }
});

test('Unknown addresses and businesses are 404, wrong methods 405 with what is allowed', async () => {
  for (const path of ['/', '/session', '/sessions/', '/sessions/x', '/sessions/0', '/sessions/07', '/sessions/1e3', '/sessions/7/other', '/sessions/7/messages/1', '/sessions/7/', '//sessions']) {
    isProblem(await call('GET', path), 404, 'not-found');
  }
  isProblem(await call('GET', '/sessions/8'), 404, 'no-session');
  isProblem(await call('POST', '/sessions/8/messages', { body: { to: '972545550001@s.whatsapp.net', text: 'x', messageId: '1' } }), 404, 'no-session');
  const wrong = await call('PUT', '/sessions/7');
  isProblem(wrong, 405, 'method-not-allowed');
  assert.equal(wrong.headers.get('allow'), 'GET, POST, DELETE');
});

test('A body that is not a JSON object is 400', async () => {
  for (const raw of ['', '{', 'null', '[]', '"text"', '\u0000']) isProblem(await call('POST', '/sessions/7/messages', { raw }), 400, 'invalid-json');
});

test('A message that cannot be one is 422 and says all that is wrong', async () => {
  const { body } = await call('POST', '/sessions/7/messages', { body: { to: 'everyone@g.us', text: ' ', messageId: 'a b' } });
  assert.match(body.detail, /to must.*text must.*messageId must/);
  for (const change of [{ to: 5 }, { to: 'x@s.whatsapp.net' }, { text: null }, { text: 7 }, { messageId: '' }, { messageId: '../x' }]) {
    const message = { to: '972545550001@s.whatsapp.net', text: 'x', messageId: '3EB0', ...change };
    isProblem(await call('POST', '/sessions/7/messages', { body: message }), 422, 'invalid-message');
  }
});

test('A body over 64 KB is 413, announced or not, and the service lives on', async () => {
  isProblem(await call('POST', '/sessions/7/messages', { raw: 'x'.repeat(65 * 1024) }), 413, 'too-large');
  const status = await new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', path: '/sessions/7/messages', method: 'POST', headers: { authorization: `Bearer ${SECRET}` } });
    request.on('response', (response) => resolve(response.resume().statusCode));
    request.on('error', (error) => (error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error)));
    let left = 160;
    const write = () => {
      while (left-- > 0) if (!request.write(Buffer.alloc(64 * 1024, 'x'))) return request.once('drain', write);
      request.end();
    };
    write();
  });
  assert.equal(status, 413);
  assert.equal((await call('GET', '/sessions')).status, 200);
});

test('A request line that is no address does not stop the service', async () => {
  const { createConnection } = await import('node:net');
  const answer = await new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
    let text = '';
    socket.on('data', (data) => (text += data));
    socket.on('close', () => resolve(text));
  });
  assert.match(answer, /^HTTP\/1\.1 (400|401|404)/);
  assert.equal((await call('GET', '/sessions')).status, 200);
});
