import path from 'node:path';

/** A setting that cannot be used. The message is one line for the operator: name, what is wrong, what to do. */
export class SettingsError extends Error {}

/** sysexits.h EX_CONFIG: the supervisor should not restart into the same mistake. */
export const EXIT_CONFIG = 78;

/** Reads and checks the environment; throws {@link SettingsError} at the first setting that cannot be used. */
export function readSettings(env) {
  return {
    port: port(env.PORT ?? '3300'),
    host: env.HOST || '127.0.0.1',
    secret: secret(env.BAILEYS_SECRET),
    apiUrl: url('API_HTTP', env.API_HTTP, ['http:', 'https:'], 'the base URL of the API, such as http://127.0.0.1:5080'),
    dataDir: path.resolve(env.BAILEYS_DATA || './data'),
    whatsappUrl: env.WHATSAPP_URL
      ? url('WHATSAPP_URL', env.WHATSAPP_URL, ['ws:', 'wss:'], 'a WebSocket address, or leave it out for WhatsApp itself')
      : undefined,
    logLevel: oneOf('LOG_LEVEL', env.LOG_LEVEL || 'info', ['debug', 'info', 'warn', 'error', 'silent'])
  };
}

function port(value) {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535) {
    throw new SettingsError(`PORT is "${value}", which is not a port: set it to a whole number from 0 to 65535.`);
  }
  return number;
}

function secret(value) {
  if (!value) {
    throw new SettingsError('BAILEYS_SECRET is not set: give this service and the API the same secret of 16 characters or more.');
  }
  if (value.length < 16) {
    throw new SettingsError(`BAILEYS_SECRET has ${value.length} characters, which is too short: set 16 or more, the same as the API's.`);
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new SettingsError('BAILEYS_SECRET has characters that an HTTP header cannot carry: use printable ASCII without spaces.');
  }
  return value;
}

function url(name, value, protocols, remedy) {
  if (!value) {
    throw new SettingsError(`${name} is not set: set it to ${remedy}.`);
  }
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
    // Not echoed: an address may carry a password or a token.
    throw new SettingsError(`${name} is not a ${protocols.map((p) => `${p}//`).join(' or ')} address: set it to ${remedy}.`);
  }
  return value.replace(/\/+$/, '');
}

function oneOf(name, value, allowed) {
  if (!allowed.includes(value)) {
    throw new SettingsError(`${name} is "${value}": set it to one of ${allowed.join(', ')}.`);
  }
  return value;
}
