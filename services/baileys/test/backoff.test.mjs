import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from '../src/backoff.mjs';

test('The wait doubles up to its cap and has jitter in its upper half', () => {
  const low = [0, 1, 2, 3, 10, 1_000].map((attempt) => backoff(attempt, { base: 1_000, cap: 8_000, random: () => 0 }));
  const high = [0, 1, 2, 3, 10, 1_000].map((attempt) => backoff(attempt, { base: 1_000, cap: 8_000, random: () => 1 }));
  assert.deepEqual(low, [500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  assert.deepEqual(high, [1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  assert.ok(new Set(Array.from({ length: 20 }, () => backoff(5))).size > 10);
});
