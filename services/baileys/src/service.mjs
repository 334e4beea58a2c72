import { createRequire } from 'node:module';
import { ApiClient } from './api-client.mjs';
import { Delivery } from './delivery.mjs';
import { HttpApi } from './http-api.mjs';
import { Reporter } from './reporter.mjs';
import { Sessions } from './sessions.mjs';
import { Store } from './store.mjs';
import { openWhatsApp } from './whatsapp.mjs';

const { version } = createRequire(import.meta.url)('../package.json');

/** How often a full or read-only volume is tried again (milliseconds). */
const VOLUME_RETRY = 5_000;
const DAY = 24 * 3_600_000;

/**
 * Puts the parts together and starts them. Returns the port it listens on and a graceful stop.
 * @throws {import('./store.mjs').VolumeError} when the volume cannot be used
 */
export async function startService(settings, log, { sessionOptions, room } = {}) {
  const store = Store.open(settings.dataDir);
  const api = new ApiClient(settings);
  const delivery = new Delivery({ api, store, log, room });
  const reporter = new Reporter({ api, log });
  const open = (options) => openWhatsApp({ url: settings.whatsappUrl, ...options });
  const sessions = new Sessions({ store, open, delivery, reporter, log, sessionOptions });
  const http = new HttpApi({ sessions, delivery, secret: settings.secret, version, log });
  store.onFailureChange = (failure) => {
    if (failure) log.error({ error: failure }, `the volume takes no writes: free disk space or mount it for writing (${settings.dataDir})`);
    else {
      log.info('the volume takes writes again');
      sessions.save();
      delivery.save();
    }
    sessions.refresh();
  };
  const probing = setInterval(() => store.failure && store.probe(), VOLUME_RETRY).unref();
  const tidying = setInterval(() => delivery.dropOldRefused(), DAY).unref();
  delivery.dropOldRefused();

  // No connection before the port is ours, and no answer before the sessions are there.
  sessions.load();
  const port = await http.listen(settings.port, settings.host);
  const resumed = delivery.resume();
  sessions.restore();
  log.info({ host: settings.host, port, version, sessions: sessions.list().length, resumed }, 'started');

  return {
    port,
    sessions,
    delivery,
    store,
    async stop() {
      log.info('stopping');
      clearInterval(probing);
      clearInterval(tidying);
      await http.drain(4_000);
      await Promise.all([delivery.stop(2_500), reporter.stop()]);
      sessions.stop();
      store.close();
      await http.close();
      api.close();
      log.info({ waiting: delivery.waiting }, 'stopped');
    }
  };
}
