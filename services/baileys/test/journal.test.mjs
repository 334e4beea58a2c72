import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Journal } from '../src/journal.mjs';
import { brokenFileSystem } from './fakes/file-system.mjs';

async function place(t) {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'journal-'));
  t.after(() => fs.rm(folder, { recursive: true, force: true }));
  return path.join(folder, 'sub', 'a.journal');
}

const content = async (file) => Object.fromEntries((await new Journal(file).load()).entries());

test('What was written is there again, removals included', async (t) => {
  const file = await place(t);
  const journal = await new Journal(file).load();
  await Promise.all([journal.write({ a: '1', b: { text: 'two\nlines' } }), journal.write({ c: '3' }), journal.write({ a: null })]);
  assert.deepEqual(await content(file), { b: { text: 'two\nlines' }, c: '3' });
  assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
  await journal.close();
});

test('A flush of nothing is done at once, leaves the journal usable, and lets it close', { timeout: 5_000 }, async (t) => {
  const file = await place(t);
  const journal = await new Journal(file).load();
  await journal.flush();
  await journal.write({ a: '1' });
  await Promise.all([journal.flush(), journal.flush({ sync: false })]);
  journal.note({ b: '2' });
  await journal.close();
  assert.deepEqual(await content(file), { a: '1', b: '2' });
});

test('A line torn by a crash is skipped, and the next one is not', async (t) => {
  const file = await place(t);
  const first = await new Journal(file).load();
  await first.write({ a: '1' });
  await first.close();
  await fs.appendFile(file, '{"a":"2","b":"unfini');
  const second = await new Journal(file).load();
  assert.equal(second.get('a'), '1');
  await second.write({ c: '3' });
  await second.close();
  assert.deepEqual(await content(file), { a: '1', c: '3' });
});

test('It is rewritten when most of it is history', async (t) => {
  const file = await place(t);
  const journal = await new Journal(file).load();
  for (let turn = 0; turn < 100; turn++) await journal.write({ key: 'x'.repeat(10_000), kept: `${turn}` });
  assert.ok((await fs.stat(file)).size < 400_000);
  await journal.write({ last: 'yes' });
  assert.deepEqual(await content(file), { key: 'x'.repeat(10_000), kept: '99', last: 'yes' });
  assert.deepEqual(await fs.readdir(path.dirname(file)), ['a.journal']);
  await journal.close();
});

for (const [code, torn] of [['ENOSPC', false], ['ENOSPC', true], ['EROFS', false]]) {
  test(`${code}${torn ? ' after half of a line' : ''} rejects the write, keeps it in memory, and the next one brings it along`, async (t) => {
    const file = await place(t);
    const broken = brokenFileSystem();
    const failures = [];
    if (code !== 'EROFS') await (await new Journal(file).load()).write({ before: '0' });
    const journal = await new Journal(file, { fileSystem: broken.fileSystem }).load();
    journal.onFailureChange = (failure) => failures.push(failure);
    Object.assign(broken, { code, torn });
    await assert.rejects(journal.write({ a: '1' }), { code });
    await assert.rejects(journal.write({ b: '2' }), { code });
    assert.equal(journal.get('a'), '1');
    broken.code = null;
    await journal.write({ c: '3' });
    const { before: _, ...rest } = await content(file);
    assert.deepEqual(rest, { a: '1', b: '2', c: '3' });
    assert.deepEqual(failures, [code, null]);
    await journal.close();
  });
}
