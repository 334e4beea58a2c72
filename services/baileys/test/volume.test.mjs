import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CustomerPhone } from './fakes/wire-server.mjs';
import { fillVolume } from './fakes/volume.mjs';
import { setUpConnected, until } from './fixture.mjs';

const CUSTOMER = '972545550001@s.whatsapp.net';

test('With a full volume the service converses on, says so, and is well again with the volume', async (t) => {
  const { api, whatsapp, service, startAgain } = await setUpConnected(t);
  await until(() => whatsapp.hasKeys);
  const volume = fillVolume(t);
  assert.equal((await service.send('still here')).status, 200);
  const degraded = await service.inState('degraded');
  assert.match(degraded.reason, /the volume takes no writes \(SQLITE_IOERR_WRITE\)/);

  // What cannot be stored here is acknowledged when the API has it, and not before.
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

  // What it holds in memory is written when there is room again: the messages are known as delivered, and the keys are new.
  volume.free();
  await service.inState('connected');
  await service.stopOnce();
  const again = await startAgain();
  await again.inState('connected');
  for (const messageId of ['V1', 'V2']) assert.ok(again.store.isDelivered({ business: 7, from: CUSTOMER, messageId }));
  whatsapp.deliver(await phone.write(whatsapp, 'V3', 'third'));
  await until(() => api.texts().includes('third'));
  assert.deepEqual(api.texts(), ['first', 'second', 'third']);
});

test('A session that cannot be removed from the volume says so, and can be removed later', async (t) => {
  const { service } = await setUpConnected(t);
  const volume = fillVolume(t);
  const { status, body } = await service.call('DELETE', '/sessions/7');
  assert.deepEqual([status, body.type], [503, 'urn:prosaas:problem:not-removed']);
  assert.match((await service.session()).reason, /could not be removed \(SQLITE_IOERR_WRITE\)/);
  const again = await service.call('POST', '/sessions/7');
  assert.deepEqual([again.status, again.body.type], [503, 'urn:prosaas:problem:not-stored']);
  volume.free();
  assert.equal((await service.call('DELETE', '/sessions/7')).status, 204);
  assert.deepEqual(service.store.businesses(), []);
});
