import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiClient } from '../src/api-client.mjs';
import { FakeApi } from './fakes/api.mjs';

async function begin(t) {
  const api = await new FakeApi().start();
  const client = new ApiClient({ apiUrl: api.url, secret: 'sixteen-chars-ok' });
  t.after(async () => {
    client.close();
    await api.stop();
  });
  return { api, post: (options) => client.post('/api/whatsapp/messages', { text: 'x' }, options) };
}

test('A call that hangs is given up after its time, or at once when it is told to stop', async (t) => {
  const { api, post } = await begin(t);
  api.answer = 'hang';
  await assert.rejects(post({ timeoutMs: 30 }), { code: 'ETIMEDOUT' });
  const stopping = new AbortController();
  const calling = post({ signal: stopping.signal });
  setImmediate(() => stopping.abort());
  await assert.rejects(calling, { code: 'EABORTED' });
  await assert.rejects(post({ signal: stopping.signal }), { code: 'EABORTED' });
});

test('Retry-After is understood in seconds and as a date, and never longer than five minutes', async (t) => {
  const { api, post } = await begin(t);
  api.answer = 503;
  const of = async (value) => {
    api.headers = value ? { 'retry-after': value } : {};
    return (await post()).retryAfterMs;
  };
  assert.equal(await of(null), undefined);
  assert.equal(await of('7'), 7_000);
  assert.equal(await of('86400'), 300_000);
  assert.equal(await of('soon'), undefined);
  const inAMinute = await of(new Date(Date.now() + 60_000).toUTCString());
  assert.ok(inAMinute > 50_000 && inAMinute <= 60_000);
});
