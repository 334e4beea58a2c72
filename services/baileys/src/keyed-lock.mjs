/** Runs functions with the same key one after the other, those with different keys side by side. */
export function keyedLock() {
  const tails = new Map();
  return (key, work) => {
    const result = (tails.get(key) ?? Promise.resolve()).then(work);
    const tail = result.catch(() => {}).then(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
    tails.set(key, tail);
    return result;
  };
}
