import { spawnSync } from 'node:child_process';

/**
 * A volume with no room: the system refuses what this process writes to files (its limit of a file's size is 0), and SQLite
 * says SQLITE_IOERR_WRITE. Ends with the test at the latest.
 */
export function fillVolume(t) {
  limit(0);
  t.after(() => limit('unlimited'));
  return { free: () => limit('unlimited'), fill: () => limit(0) };
}

function limit(bytes) {
  const { status, error, stderr } = spawnSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${bytes}:`]);
  if (status !== 0) throw new Error(`prlimit, of util-linux, did not work: ${error?.message ?? stderr}`);
}
