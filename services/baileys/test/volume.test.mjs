import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenFileSystem } from './fakes/file-system.mjs';
import { CustomerPhone, WireServer } from './fakes/wire-server.mjs';
import { setUp, until } from './harness.mjs';

const CUSTOMER = '972545550001@s.whatsapp.net';

for (const code of ['ENOSPC', 'EROFS']) {
  test(`With a volume that answers ${code} the service converses on, says so, and is well again with the volume`, async (t) => {
    const context = await setUp(t);
    const whatsapp = await new WireServer().start();
    context.onEnd(() => whatsapp.stop());
    await context.pair();
    const volume = brokenFileSystem();
    volume.code = code;
    const service = await context.service(whatsapp.url, { fileSystem: volume.fileSystem });
    const degraded = await service.inState('degraded');
    assert.match(degraded.reason, new RegExp(code));
    assert.equal((await service.send('still here')).status, 200);

    // What cannot be stored here is acknowledged when the API has it, and not before.
    const { api } = context;
    await until(() => whatsapp.hasKeys);
    const phone = new CustomerPhone(CUSTOMER);
    api.answer = 503;
    whatsapp.deliver(await phone.write(whatsapp, 'V1', 'first'));
    await until(() => api.tries >= 2);
    assert.deepEqual(whatsapp.undelivered, ['V1']);
    api.answer = 204;
    await until(() => whatsapp.undelivered.length === 0);
    whatsapp.deliver(await phone.write(whatsapp, 'V2', 'second'));
    await until(() => whatsapp.undelivered.length === 0);
    assert.deepEqual(api.texts(), ['first', 'second']);

    volume.code = null;
    await service.inState('connected');
    await service.stopOnce();
    const again = await context.service(whatsapp.url);
    await again.inState('connected');
    whatsapp.deliver(await phone.write(whatsapp, 'V3', 'third'));
    await until(() => api.texts().includes('third'));
  });
}

test('A session that cannot be removed from the volume says so, and can be removed later', async (t) => {
  const context = await setUp(t);
  const whatsapp = await new WireServer().start();
  context.onEnd(() => whatsapp.stop());
  await context.pair();
  const volume = brokenFileSystem();
  const service = await context.service(whatsapp.url, { fileSystem: volume.fileSystem });
  await service.inState('connected');
  volume.code = 'EROFS';
  const { status, body } = await service.call('DELETE', '/sessions/7');
  assert.deepEqual([status, body.type], [503, 'urn:prosaas:problem:not-removed']);
  assert.match((await service.session()).reason, /could not be removed \(EROFS\)/);
  volume.code = null;
  assert.equal((await service.call('DELETE', '/sessions/7')).status, 204);
});
