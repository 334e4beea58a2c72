import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';

/** A file system whose writes fail while `code` is set, after half of the bytes when `torn`. */
export function brokenFileSystem() {
  const broken = { code: null, torn: false };
  const fail = () => Object.assign(new Error(broken.code), { code: broken.code });
  broken.fileSystem = {
    ...fs,
    open: async (...args) => {
      if (broken.code === 'EROFS' && args[1] !== 'r') throw fail();
      return fs.open(...args);
    },
    rm: async (...args) => {
      if (broken.code === 'EROFS') throw fail();
      return fs.rm(...args);
    },
    writeSync: (fd, bytes, offset, length, position) => {
      if (!broken.code) return writeSync(fd, bytes, offset, length, position);
      if (broken.torn) writeSync(fd, bytes, offset, Math.floor(length / 2), position);
      throw fail();
    }
  };
  return broken;
}
