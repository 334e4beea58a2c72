import path from 'node:path';
import { createRequire } from 'node:module';
import { ApiClient } from './api-client.mjs';
import { Forwarder } from './forwarder.mjs';
import { HttpApi } from './http-api.mjs';
import { Journal } from './journal.mjs';
import { Reporter } from './reporter.mjs';
import { Sessions } from './sessions.mjs';
import { openWhatsApp } from './whatsapp.mjs';

const { version } = createRequire(import.meta.url)('../package.json');

/** Puts the parts together and starts them. Returns the port it listens on and a graceful stop. */
export async function startService(settings, log, { sessionOptions, fileSystem } = {}) {
  const api = new ApiClient(settings);
  const spool = new Journal(path.join(settings.dataDir, 'spool.journal'), { fileSystem });
  await spool.load();
  const forwarder = new Forwarder({ api, spool, log });
  const reporter = new Reporter({ api, log });
  const open = (options) => openWhatsApp({ url: settings.whatsappUrl, ...options });
  const sessions = new Sessions({ dataDir: settings.dataDir, open, forwarder, spool, reporter, log, sessionOptions, fileSystem });
  const http = new HttpApi({ sessions, secret: settings.secret, version, log });

  // No connection before the port is ours: a second instance by mistake must not take the first one's place at WhatsApp.
  await sessions.load();
  const port = await http.listen(settings.port, settings.host);
  const replayed = forwarder.replay();
  sessions.restore();
  log.info({ host: settings.host, port, version, sessions: sessions.list().length, replayed }, 'started');

  return {
    port,
    sessions,
    forwarder,
    spool,
    async stop() {
      log.info('stopping');
      await http.drain(4_000);
      await Promise.all([forwarder.stop(2_500), reporter.stop()]);
      await sessions.stop();
      await spool.close();
      http.close();
      api.close();
      log.info({ waiting: forwarder.waiting }, 'stopped');
    }
  };
}
