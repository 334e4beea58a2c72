import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromMessage } from '../src/inbound.mjs';
import { createLog } from '../src/log.mjs';
import { clean, cut } from '../src/text.mjs';

const CUSTOMER = '972545550001@s.whatsapp.net';

async function taken(text, { id = 'M1', ...rest } = {}) {
  const lines = [];
  const log = createLog('info', { write: (line) => lines.push(JSON.parse(line)) });
  const message = { key: { id, remoteJid: CUSTOMER }, message: { conversation: text }, messageTimestamp: 1_700_000_000, ...rest };
  return { lines, message: await fromMessage(message, { phoneNumberOf: async () => null, log }) };
}

test('Half surrogates become U+FFFD and NUL goes, and all else stays', () => {
  assert.equal(clean('x\ud83d'), 'x\ufffd');
  assert.equal(clean('\udc00a\0b'), '\ufffdab');
  assert.equal(clean('שלום 👍🏽\r\n\t'), 'שלום 👍🏽\r\n\t');
});

test('A text is cut between characters as a reader sees them', () => {
  const family = '👨‍👩‍👧‍👦';
  for (let max = 3; max < 3 + family.length; max++) assert.equal(cut(`abc${family}d`, max), 'abc');
  assert.equal(cut(`abc${family}d`, 3 + family.length), `abc${family}`);
  assert.equal(cut('ae\u0301', 2), 'a');
  assert.equal(cut('short', 100), 'short');
  // One "character" that is longer than the limit: no half surrogate at least.
  const endless = `e${'\u0301'.repeat(3_000)}`;
  assert.equal(cut(endless, 2_000).length, 2_000);
  assert.ok(cut(`a${'\u{1f3fd}'.repeat(3_000)}`, 2_000).isWellFormed());
});

test('What a customer\'s phone sends becomes what the API takes: text, name, id and time', async () => {
  const long = `${'x'.repeat(65_535)}👍`;
  const { message, lines } = await taken(long, { pushName: `${'n'.repeat(99)}👍\0`, id: 'i'.repeat(129), messageTimestamp: 1e300 });
  assert.equal(message.text, 'x'.repeat(65_535));
  assert.deepEqual(lines.map(({ msg, from, length, kept }) => [msg, from, length, kept]), [['text cut', '…001@s.whatsapp.net', 65_537, 65_535]]);
  assert.equal(message.name, 'n'.repeat(99));
  assert.match(message.messageId, /^sha256-[\da-f]{64}$/);
  assert.ok(Math.abs(Date.parse(message.sentAt) - Date.now()) < 5_000);
  assert.equal((await taken('a', { id: 'i'.repeat(130) })).message.messageId.length, 71);
  for (const messageTimestamp of [NaN, -1, 0, 253_402_300_800, Infinity]) {
    assert.match((await taken('a', { messageTimestamp })).message.sentAt, /^20\d\d-/);
  }
});

test('A text with nothing to read is no message', async () => {
  for (const text of ['\0', ' \n\0', '\u2003']) assert.equal((await taken(text)).message, null);
});

test('Control characters in the log are escaped, and the line is JSON as before', () => {
  const text = 'a\u001b[2J\u009b2J\u007f\u2028\u202eb\nc';
  let line;
  createLog('info', { write: (written) => (line = written) }).info({ text }, text);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(line.slice(0, -1), /[\0-\x1f\x7f-\x9f\u2028\u202e]/);
  assert.ok(line.endsWith('}\n'));
  assert.deepEqual([JSON.parse(line).text, JSON.parse(line).msg], [text, text]);
});
