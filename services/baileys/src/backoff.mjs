/**
 * How long to wait before the next try: doubles from `base` to `cap` (milliseconds), with jitter of the upper half,
 * so that clients which failed together do not come back together.
 * @param {number} attempt failures so far, from 0
 */
export function backoff(attempt, { base = 500, cap = 30_000, random = Math.random } = {}) {
  const full = Math.min(cap, base * 2 ** Math.min(attempt, 30));
  return Math.round(full * (0.5 + random() / 2));
}
