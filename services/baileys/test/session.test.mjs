import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import pino from 'pino';
import { Session, TIMES } from '../src/session.mjs';

/** A session over connections that do only what the test says, on fake time. */
class Bench {
  opened = [];
  states = [];
  volume = null;
  auth = {
    creds: {},
    failure: null,
    stopped: undefined,
    paired: true,
    saveCreds: async () => {},
    setStopped: async (reason) => void (this.auth.stopped = reason),
    reset: async () => void (this.auth.stopped = undefined),
    close: async () => {}
  };

  constructor() {
    this.session = new Session({
      business: 7,
      auth: this.auth,
      log: pino({ level: 'silent' }),
      random: () => 1,
      volumeFailure: () => this.volume,
      onMessage: async () => {},
      onChange: ({ state, reason }) => this.states.push([state, reason]),
      open: (options) => {
        const connection = { ...options, isOpen: true, ended: false, end: () => (connection.ended = true), send: async () => {} };
        this.opened.push(connection);
        return connection;
      }
    });
  }

  get last() {
    return this.opened.at(-1);
  }

  close(code, final = false) {
    this.last.onClose({ code, words: 'words', final });
  }
}

let bench;
beforeEach(async () => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  bench = new Bench();
  await bench.session.start();
});

test('Each failure doubles the wait before the next connection, up to a minute', () => {
  const waits = [];
  for (let failure = 0; failure < 9; failure++) {
    bench.close(428);
    const before = bench.opened.length;
    let waited = 0;
    while (bench.opened.length === before) {
      mock.timers.tick(500);
      waited += 500;
    }
    waits.push(waited / 1_000);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('A connection that lasted forgets the failures before it, a short one does not', () => {
  bench.close(428);
  mock.timers.tick(1_000);
  bench.last.onOpen();
  bench.close(428);
  assert.equal(bench.session.view().attempts, 2);
  mock.timers.tick(2_000);
  bench.last.onOpen();
  mock.timers.tick(TIMES.stable);
  assert.equal(bench.session.view().attempts, 0);
});

test('515 is followed by a new connection at once, but not for ever', () => {
  for (let restart = 1; restart <= 3; restart++) {
    bench.close(515);
    assert.equal(bench.opened.length, restart + 1);
  }
  bench.close(515);
  assert.equal(bench.opened.length, 4);
  mock.timers.tick(1_000);
  assert.equal(bench.opened.length, 5);
});

test('401 in WhatsApp\'s own words stops for good, and a start pairs anew', async () => {
  bench.last.onOpen();
  bench.close(401, true);
  mock.timers.tick(3_600_000);
  assert.equal(bench.opened.length, 1);
  assert.equal(bench.session.view().state, 'logged_out');
  assert.match(bench.auth.stopped, /401/);
  await bench.session.start();
  assert.equal(bench.opened.length, 2);
  assert.equal(bench.session.view().state, 'connecting');
});

test('A connection whose place was taken waits at least half a minute', () => {
  bench.close(440);
  mock.timers.tick(29_999);
  assert.equal(bench.opened.length, 1);
  mock.timers.tick(1);
  assert.equal(bench.opened.length, 2);
});

test('Five ends in a row are a loop, until a connection lasts', () => {
  for (let end = 0; end < 5; end++) {
    bench.close(500);
    mock.timers.tick(60_000);
  }
  assert.match(bench.states.at(-1).join(), /^degraded,.*5 times.*500/);
  bench.last.onOpen();
  assert.deepEqual(bench.states.at(-1), ['connected', null]);
  mock.timers.tick(TIMES.stable + TIMES.loopWindow);
  bench.close(500);
  assert.equal(bench.session.view().state, 'connecting');
});

test('Five ends in five minutes are a loop, though each connection lasted', () => {
  for (let end = 0; end < 5; end++) {
    bench.last.onOpen();
    mock.timers.tick(TIMES.stable);
    bench.close(428);
    if (end < 4) mock.timers.tick(2_000);
  }
  assert.equal(bench.session.view().state, 'degraded');
});

test('A connection without an answer is given up and made anew, a QR code counts as one', () => {
  mock.timers.tick(TIMES.stuck);
  assert.equal(bench.opened[0].ended, true);
  mock.timers.tick(1_000);
  assert.equal(bench.opened.length, 2);
  bench.last.onQr('code');
  mock.timers.tick(TIMES.stuck * 2);
  assert.equal(bench.opened.length, 2);
  assert.deepEqual([bench.session.view().state, bench.session.view().qr], ['pairing', 'code']);
});

test('After three series of QR codes that nobody scans it asks for no more', () => {
  for (let series = 0; series < 3; series++) {
    bench.last.onQr('code');
    bench.close(408);
    mock.timers.tick(60_000);
  }
  assert.equal(bench.opened.length, 3);
  assert.equal(bench.session.view().state, 'logged_out');
  assert.match(bench.session.view().reason, /nobody scanned/);
});

test('A connection that was replaced has no say any more', async () => {
  const old = bench.last;
  await bench.session.restart();
  old.onOpen();
  old.onClose({ code: 401, words: 'late', final: true });
  assert.equal(bench.session.view().state, 'connecting');
  assert.equal(bench.opened.length, 2);
});

test('A volume that takes no writes degrades the session, which still sends', async () => {
  bench.last.onOpen();
  bench.volume = 'ENOSPC';
  bench.session.refresh();
  assert.deepEqual(bench.states.at(-1), ['degraded', 'connected, but the volume takes no writes (ENOSPC)']);
  await bench.session.send('1@s.whatsapp.net', 'text', 'id');
  bench.volume = null;
  bench.session.refresh();
  assert.deepEqual(bench.states.at(-1), ['connected', null]);
});
