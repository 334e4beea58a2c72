import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import pino from 'pino';
import { Session, TIMES } from '../src/session.mjs';

/** A session over connections that do only what the test says, on fake time. */
class Fixture {
  opened = [];
  states = [];
  volume = null;
  auth = {
    creds: {},
    stopped: undefined,
    paired: true,
    save: () => {},
    saveCreds: () => {},
    setStopped: (reason) => void (this.auth.stopped = reason),
    reset: () => void (this.auth.stopped = undefined)
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

let fixture;
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  fixture = new Fixture();
  fixture.session.start();
});

test('Each failure doubles the wait before the next connection, up to a minute', () => {
  const waits = [];
  for (let failure = 0; failure < 9; failure++) {
    fixture.close(428);
    const before = fixture.opened.length;
    let waited = 0;
    while (fixture.opened.length === before) {
      mock.timers.tick(500);
      waited += 500;
    }
    waits.push(waited / 1_000);
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('A connection that lasted forgets the failures before it, a short one does not', () => {
  fixture.close(428);
  mock.timers.tick(1_000);
  fixture.last.onOpen();
  fixture.close(428);
  assert.equal(fixture.session.view().attempts, 2);
  mock.timers.tick(2_000);
  fixture.last.onOpen();
  mock.timers.tick(TIMES.stable);
  assert.equal(fixture.session.view().attempts, 0);
});

test('515 is followed by a new connection at once, but not for ever', () => {
  for (let restart = 1; restart <= 3; restart++) {
    fixture.close(515);
    assert.equal(fixture.opened.length, restart + 1);
  }
  fixture.close(515);
  assert.equal(fixture.opened.length, 4);
  mock.timers.tick(1_000);
  assert.equal(fixture.opened.length, 5);
});

test('401 in WhatsApp\'s own words stops for good, and a start pairs anew', () => {
  fixture.last.onOpen();
  fixture.close(401, true);
  mock.timers.tick(3_600_000);
  assert.equal(fixture.opened.length, 1);
  assert.equal(fixture.session.view().state, 'logged_out');
  assert.match(fixture.auth.stopped, /401/);
  fixture.session.start();
  assert.equal(fixture.opened.length, 2);
  assert.equal(fixture.session.view().state, 'connecting');
});

test('A connection whose place was taken waits at least half a minute', () => {
  fixture.close(440);
  mock.timers.tick(29_999);
  assert.equal(fixture.opened.length, 1);
  mock.timers.tick(1);
  assert.equal(fixture.opened.length, 2);
});

test('Five ends in a row are a loop, until a connection lasts', () => {
  for (let end = 0; end < 5; end++) {
    fixture.close(500);
    mock.timers.tick(60_000);
  }
  assert.match(fixture.states.at(-1).join(), /^degraded,.*5 times.*500/);
  fixture.last.onOpen();
  assert.deepEqual(fixture.states.at(-1), ['connected', null]);
  mock.timers.tick(TIMES.stable + TIMES.loopWindow);
  fixture.close(500);
  assert.equal(fixture.session.view().state, 'connecting');
});

test('Five ends in five minutes are a loop, though each connection lasted', () => {
  for (let end = 0; end < 5; end++) {
    fixture.last.onOpen();
    mock.timers.tick(TIMES.stable);
    fixture.close(428);
    if (end < 4) mock.timers.tick(2_000);
  }
  assert.equal(fixture.session.view().state, 'degraded');
});

test('A connection without an answer is given up and made anew, a QR code counts as one', () => {
  mock.timers.tick(TIMES.stuck);
  assert.equal(fixture.opened[0].ended, true);
  mock.timers.tick(1_000);
  assert.equal(fixture.opened.length, 2);
  fixture.last.onQr('code');
  mock.timers.tick(TIMES.stuck * 2);
  assert.equal(fixture.opened.length, 2);
  assert.deepEqual([fixture.session.view().state, fixture.session.view().qr], ['pairing', 'code']);
});

test('After three series of QR codes that nobody scans it asks for no more', () => {
  for (let series = 0; series < 3; series++) {
    fixture.last.onQr('code');
    fixture.close(408);
    mock.timers.tick(60_000);
  }
  assert.equal(fixture.opened.length, 3);
  assert.equal(fixture.session.view().state, 'logged_out');
  assert.match(fixture.session.view().reason, /nobody scanned/);
});

test('A connection that was replaced has no say any more', () => {
  const old = fixture.last;
  fixture.session.restart();
  old.onOpen();
  old.onClose({ code: 401, words: 'late', final: true });
  assert.equal(fixture.session.view().state, 'connecting');
  assert.equal(fixture.opened.length, 2);
});

test('A volume that takes no writes degrades the session, which still sends', async () => {
  fixture.last.onOpen();
  fixture.volume = 'ENOSPC';
  fixture.session.refresh();
  assert.deepEqual(fixture.states.at(-1), ['degraded', 'connected, but the volume takes no writes (ENOSPC)']);
  await fixture.session.send('1@s.whatsapp.net', 'text', 'id');
  fixture.volume = null;
  fixture.session.refresh();
  assert.deepEqual(fixture.states.at(-1), ['connected', null]);
});
