import { createHash, hkdfSync } from 'node:crypto';
import http from 'node:http';
import libsignal from 'libsignal';
import { WebSocketServer } from 'ws';
import {
  aesDecryptGCM,
  aesEncryptGCM,
  Curve,
  decodeBinaryNode,
  encodeBinaryNode,
  generateSignalPubKey,
  hmacSign,
  NOISE_MODE,
  NOISE_WA_HEADER,
  proto,
  signedKeyPair,
  writeRandomPadMax16
} from 'baileys';

// A certificate chain that Baileys accepts; made by WhatsApp, public, sent to every client that connects.
const CERTIFICATES = Buffer.from(
  'CncKMwjjAhADGiCRKg7Kg1iu4CSulwLBaxX51Tefw6VXGgZqcr5OEbXIRiDQ04bOBijQjZ/TBhJA34Bj82jAHhLpCWBNVBlGnFDieamd8+138S57uMt9ke9mrn5r4+VepwBPKEgHjob6bR70rlCmWDkxZv+CfVjIAxJ2CjIIAxAAGiAcUamsMDmUxsjQuS6hh4pTNHZZnMWZ++o1mX2aqQzOYiCAka6+Bij/3rfcBhJAJw8pRkhTn+1IcOJQVN1OlZg6uikYnCumyO7acFVVX3U3QPXsGSq2TCbCbWrebSC593Su43EgprIDlfU8ZgWFBw==',
  'base64'
);

/**
 * WhatsApp's side of one business's connection, for what the larger fake has not: QR codes and their scanning, stream
 * errors by code, messages that are encrypted as customers' phones do, and that come again until they are receipted.
 */
export class WireServer {
  /** Stanzas received from the service. */
  received = [];
  connections = 0;
  /** Called with each stanza; returns true when it has dealt with it. */
  onStanza = () => false;
  /** Called instead of the ordinary login when set. */
  onLogin = null;
  /** Answers to message stanzas: 'ack', an error code, or null for silence. */
  answer = 'ack';
  /** One-time keys that it says to have: with none the service uploads 812, else 5. */
  preKeyCount = 1;
  #queue = new Map();
  #server;
  #sockets;
  #link = null;
  #preKeys = null;
  #port = 0;

  async start(port = this.#port) {
    this.#server = http.createServer((_, response) => response.writeHead(426).end());
    this.#sockets = new WebSocketServer({ server: this.#server });
    this.#sockets.on('connection', (socket) => {
      this.connections++;
      new Link(socket, this);
    });
    await new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.#port = this.#server.address().port;
    return this;
  }

  get url() {
    return `ws://127.0.0.1:${this.#port}/ws/chat`;
  }

  get link() {
    return this.#link;
  }

  async stop() {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Queues a message of a customer: sent now and again at each login until it is receipted or refused. */
  deliver(node) {
    this.#queue.set(node.attrs.id, node);
    this.#link?.send(node);
  }

  get undelivered() {
    return [...this.#queue.keys()];
  }

  /** Ends the connection as WhatsApp does: with a stream error of the code. */
  streamError(code, tag = 'conflict') {
    this.#link.send({ tag: 'stream:error', attrs: { code: String(code) }, content: [{ tag, attrs: {} }] });
  }

  /** Shows QR codes. */
  showQr(link, refs = ['ref-1', 'ref-2']) {
    link.send({
      tag: 'iq',
      attrs: { id: 'pair-1', type: 'set', from: 's.whatsapp.net', xmlns: 'md' },
      content: [{ tag: 'pair-device', attrs: {}, content: refs.map((ref) => ({ tag: 'ref', attrs: {}, content: Buffer.from(ref) })) }]
    });
  }

  /** What the owner's phone does when it scans the code, and WhatsApp with that. */
  scan(qr, jid, lid) {
    const [, , identity, advSecret] = qr.split('#')[1].split(',');
    const account = Curve.generateKeyPair();
    const deviceDetails = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex: 1, accountType: 0, deviceType: 0 }).finish();
    const signature = Curve.sign(account.private, Buffer.concat([Buffer.from([6, 0]), deviceDetails, Buffer.from(identity, 'base64')]));
    const details = proto.ADVSignedDeviceIdentity.encode({
      details: deviceDetails,
      accountSignatureKey: account.public,
      accountSignature: signature
    }).finish();
    const hmac = hmacSign(details, Buffer.from(advSecret, 'base64'));
    this.#link.send({
      tag: 'iq',
      attrs: { id: 'pair-2', type: 'set', from: 's.whatsapp.net' },
      content: [
        {
          tag: 'pair-success',
          attrs: {},
          content: [
            { tag: 'device-identity', attrs: {}, content: proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac }).finish() },
            { tag: 'device', attrs: { jid, lid } },
            { tag: 'platform', attrs: { name: 'android' } }
          ]
        }
      ]
    });
  }

  login(link) {
    this.#link = link;
    if (this.onLogin) this.onLogin(link);
    else this.welcome(link);
  }

  /** The ordinary login: what waited for the service comes first. */
  welcome(link) {
    link.send({ tag: 'success', attrs: { t: seconds(), lid: '900000@lid' } });
    link.send({ tag: 'ib', attrs: {}, content: [{ tag: 'offline', attrs: { count: String(this.#queue.size) } }] });
    for (const node of this.#queue.values()) link.send({ ...node, attrs: { ...node.attrs, offline: '0' } });
  }

  take(node, link) {
    this.received.push(node);
    if (this.onStanza(node, link)) return;
    if (node.tag === 'receipt') this.#queue.delete(node.attrs.id);
    if (node.tag === 'ack' && node.attrs.class === 'message') this.#queue.delete(node.attrs.id);
    if (node.tag === 'iq' && ['get', 'set'].includes(node.attrs.type)) this.#iq(node, link);
    if (node.tag === 'message' && this.answer) {
      const error = this.answer === 'ack' ? {} : { error: String(this.answer) };
      link.send({ tag: 'ack', attrs: { class: 'message', id: node.attrs.id, from: node.attrs.to, ...error } });
    }
  }

  /** True once the service has uploaded the keys that customers' phones encrypt with. */
  get hasKeys() {
    return this.#preKeys !== null;
  }

  /** A set of keys for one phone: a one-time key goes to one phone only. */
  takeKeys() {
    const { oneTime, ...rest } = this.#preKeys;
    if (oneTime.length === 0) throw new Error('The service has uploaded too few keys for so many phones.');
    return { ...rest, preKey: oneTime.shift() };
  }

  #iq(node, link) {
    const child = node.content?.[0];
    const attrs = { id: node.attrs.id, type: 'result', from: 's.whatsapp.net' };
    let content;
    if (node.attrs.xmlns === 'encrypt' && child?.tag === 'count') content = [{ tag: 'count', attrs: { value: String(this.preKeyCount) } }];
    else if (node.attrs.xmlns === 'encrypt' && child?.tag === 'digest') content = [{ tag: 'digest', attrs: {} }];
    else if (node.attrs.xmlns === 'encrypt' && node.attrs.type === 'set') this.#preKeys = readBundle(node);
    else if (child?.tag === 'usync') content = [usync(child)];
    else if (node.attrs.xmlns === 'encrypt' && child?.tag === 'key') {
      content = [{ tag: 'list', attrs: {}, content: child.content.map(({ attrs: { jid } }) => customerBundle(jid)) }];
    }
    link.send({ tag: 'iq', attrs, content });
  }
}

/** WhatsApp's side for many businesses at one address: the number that logs in says which. */
export class WireSwitch {
  #servers;
  #http = http.createServer((_, response) => response.writeHead(426).end());
  #sockets = new WebSocketServer({ server: this.#http });

  /** @param {Map<string, WireServer>} servers by number; they listen to nothing themselves. */
  constructor(servers) {
    this.#servers = servers;
    this.#sockets.on('connection', (socket) => void new Link(socket, this));
  }

  async start() {
    await new Promise((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `ws://127.0.0.1:${this.#http.address().port}/ws/chat`;
  }

  login(link) {
    this.#servers.get(link.user).login(link);
  }

  take(node, link) {
    this.#servers.get(link.user).take(node, link);
  }
}

/** A customer's phone: encrypts as Signal does. */
export class CustomerPhone {
  #sessions = new Map();
  #identity = Curve.generateKeyPair();
  #signed = signedKeyPair(this.#identity, 1);
  #cipher;

  constructor(jid) {
    this.jid = jid;
  }

  /** A stanza with the text, or with the bytes of a message, encrypted for the business. */
  async write(server, id, text, extra = {}, bytes = null) {
    if (!this.#cipher) await this.#begin(server.takeKeys());
    const plain = bytes ?? proto.Message.encode(typeof text === 'string' ? { conversation: text } : text).finish();
    const { type, body } = await this.#cipher.encrypt(writeRandomPadMax16(plain));
    return {
      tag: 'message',
      attrs: { id, from: this.jid, type: 'text', t: seconds(), notify: 'Dana', ...extra },
      content: [{ tag: 'enc', attrs: { v: '2', type: type === 3 ? 'pkmsg' : 'msg' }, content: Buffer.from(body, 'binary') }]
    };
  }

  async #begin(bundle) {
    const storage = {
      loadSession: (id) => this.#sessions.get(id),
      storeSession: (id, session) => void this.#sessions.set(id, session),
      isTrustedIdentity: () => true,
      getOurRegistrationId: () => 77,
      getOurIdentity: () => ({ privKey: this.#identity.private, pubKey: generateSignalPubKey(this.#identity.public) }),
      loadPreKey: () => undefined,
      removePreKey: () => {},
      loadSignedPreKey: () => this.#signed
    };
    const address = new libsignal.ProtocolAddress('business', 0);
    await new libsignal.SessionBuilder(storage, address).initOutgoing(bundle);
    this.#cipher = new libsignal.SessionCipher(storage, address);
  }
}

/** The Noise handshake and its frames, from the server's side. */
class Link {
  /** The number that logged in. */
  user = '';
  #socket;
  #server;
  #hash = Buffer.from(NOISE_MODE);
  #salt = this.#hash;
  #key = this.#hash;
  #counter = 0;
  #ephemeral;
  #buffer = Buffer.alloc(0);
  #state = 'hello';
  #write;
  #read;
  #writes = 0;
  #reads = 0;
  #work = Promise.resolve();

  constructor(socket, server) {
    this.#socket = socket;
    this.#server = server;
    this.#mixHash(NOISE_WA_HEADER);
    socket.on('message', (data) => (this.#work = this.#work.then(() => this.#feed(data)).catch(() => socket.terminate())));
    socket.on('error', () => {});
  }

  send(node) {
    if (this.#socket.readyState !== 1) return;
    this.#frame(aesEncryptGCM(encodeBinaryNode(node), this.#write, iv(this.#writes++), Buffer.alloc(0)));
  }

  close() {
    this.#socket.terminate();
  }

  async #feed(data) {
    let bytes = Buffer.from(data);
    if (this.#state === 'hello') bytes = bytes.subarray(bytes.indexOf(NOISE_WA_HEADER) + NOISE_WA_HEADER.length);
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    while (this.#buffer.length >= 3 && this.#buffer.length >= 3 + this.#buffer.readUIntBE(0, 3)) {
      const size = this.#buffer.readUIntBE(0, 3);
      const frame = this.#buffer.subarray(3, 3 + size);
      this.#buffer = this.#buffer.subarray(3 + size);
      await this.#take(frame);
    }
  }

  async #take(frame) {
    if (this.#state === 'hello') {
      this.#hello(proto.HandshakeMessage.decode(frame).clientHello.ephemeral);
      this.#state = 'finish';
    } else if (this.#state === 'finish') {
      const { static: staticKey, payload } = proto.HandshakeMessage.decode(frame).clientFinish;
      this.#mixKey(Curve.sharedKey(this.#ephemeral.private, this.#decrypt(staticKey)));
      this.user = String(proto.ClientPayload.decode(this.#decrypt(payload)).username);
      [this.#read, this.#write] = this.#derive(Buffer.alloc(0));
      this.#state = 'open';
      this.#server.login(this);
    } else {
      this.#server.take(await decodeBinaryNode(aesDecryptGCM(frame, this.#read, iv(this.#reads++), Buffer.alloc(0))), this);
    }
  }

  #hello(clientEphemeral) {
    this.#mixHash(clientEphemeral);
    this.#ephemeral = Curve.generateKeyPair();
    const own = Curve.generateKeyPair();
    this.#mixHash(this.#ephemeral.public);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, clientEphemeral));
    const staticKey = this.#encrypt(own.public);
    this.#mixKey(Curve.sharedKey(own.private, clientEphemeral));
    const payload = this.#encrypt(CERTIFICATES);
    this.#frame(proto.HandshakeMessage.encode({ serverHello: { ephemeral: this.#ephemeral.public, static: staticKey, payload } }).finish());
  }

  #frame(data) {
    const header = Buffer.alloc(3);
    header.writeUIntBE(data.length, 0, 3);
    this.#socket.send(Buffer.concat([header, data]), () => {});
  }

  #mixHash(data) {
    this.#hash = createHash('sha256').update(Buffer.concat([this.#hash, data])).digest();
  }

  #encrypt(data) {
    const result = aesEncryptGCM(Buffer.from(data), this.#key, iv(this.#counter++), this.#hash);
    this.#mixHash(result);
    return result;
  }

  #decrypt(data) {
    const result = aesDecryptGCM(Buffer.from(data), this.#key, iv(this.#counter++), this.#hash);
    this.#mixHash(data);
    return result;
  }

  #mixKey(data) {
    [this.#salt, this.#key] = this.#derive(data);
    this.#counter = 0;
  }

  #derive(data) {
    const key = Buffer.from(hkdfSync('sha256', data, this.#salt, '', 64));
    return [key.subarray(0, 32), key.subarray(32)];
  }
}

function iv(counter) {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(counter, 8);
  return bytes;
}

function seconds() {
  return String(Math.floor(Date.now() / 1000));
}

function readBundle(node) {
  const child = (name, of = node) => of.content.find(({ tag }) => tag === name);
  const number = (bytes) => Buffer.from(bytes).readUIntBE(0, bytes.length);
  const key = (of) => ({ keyId: number(child('id', of).content), publicKey: generateSignalPubKey(Buffer.from(child('value', of).content)) });
  const signed = child('skey');
  return {
    registrationId: number(child('registration').content),
    identityKey: generateSignalPubKey(Buffer.from(child('identity').content)),
    signedPreKey: { ...key(signed), signature: Buffer.from(child('signature', signed).content) },
    oneTime: child('list').content.map(key)
  };
}

function usync(node) {
  const users = node.content.find(({ tag }) => tag === 'list').content;
  return {
    tag: 'usync',
    attrs: { sid: node.attrs.sid, index: '0', last: 'true' },
    content: [
      {
        tag: 'list',
        attrs: {},
        content: users.map(({ attrs: { jid } }) => ({
          tag: 'user',
          attrs: { jid },
          content: [
            { tag: 'devices', attrs: {}, content: [{ tag: 'device-list', attrs: {}, content: [{ tag: 'device', attrs: { id: '0' } }] }] },
            { tag: 'lid', attrs: { val: jid.replace(/@.*/, '@lid') } }
          ]
        }))
      }
    ]
  };
}

function customerBundle(jid) {
  const identity = Curve.generateKeyPair();
  const signed = signedKeyPair(identity, 1);
  const one = Curve.generateKeyPair();
  const id = (number, size) => {
    const bytes = Buffer.alloc(size);
    bytes.writeUIntBE(number, 0, size);
    return bytes;
  };
  const leaf = (tag, content) => ({ tag, attrs: {}, content });
  return {
    tag: 'user',
    attrs: { jid },
    content: [
      leaf('registration', id(1, 4)),
      leaf('type', Buffer.from([5])),
      leaf('identity', Buffer.from(identity.public)),
      leaf('skey', [leaf('id', id(1, 3)), leaf('value', Buffer.from(signed.keyPair.public)), leaf('signature', Buffer.from(signed.signature))]),
      leaf('key', [leaf('id', id(1, 3)), leaf('value', Buffer.from(one.public))])
    ]
  };
}
