import { createLog, mask, silenceConsole } from './log.mjs';
import { startService } from './service.mjs';
import { EXIT_CONFIG, readSettings, SettingsError } from './settings.mjs';
import { escapeControls } from './text.mjs';

silenceConsole();

let settings;
try {
  settings = readSettings(process.env);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${escapeControls(error.message)}\n`);
  process.exit(EXIT_CONFIG);
}

const log = createLog(settings.logLevel);

// Baileys leaves promises unobserved that fail when a connection drops under it: no reason to drop the other sessions.
process.on('unhandledRejection', (error) => log.warn({ error: mask(error?.message ?? error) }, 'unhandled rejection'));
process.on('uncaughtException', (error) => {
  log.fatal({ error: error.message, stack: error.stack }, 'uncaught exception');
  process.exit(1);
});

let service;
try {
  service = await startService(settings, log);
} catch (error) {
  const inUse = `PORT ${settings.port} is in use on ${settings.host}: set PORT to a free one.`;
  const remedy = error.code === 'EADDRINUSE' ? inUse : error.message;
  process.stderr.write(`The WhatsApp service cannot start: ${escapeControls(remedy)}\n`);
  process.exit(error.exitCode ?? 1);
}

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), 9_500).unref();
    service.stop().then(
      () => process.exit(0),
      (error) => {
        log.error({ error: error.message }, 'stop failed');
        process.exit(1);
      }
    );
  });
}
