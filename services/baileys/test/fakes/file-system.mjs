import fs from 'node:fs/promises';

/** A file system whose writes fail while `code` is set, after half of the bytes when `torn`. */
export function brokenFileSystem() {
  const broken = { code: null, torn: false };
  const fail = () => Object.assign(new Error(broken.code), { code: broken.code });
  broken.fileSystem = new Proxy(fs, {
    get(target, name) {
      if (name !== 'open') return target[name];
      return async (...args) => {
        if (broken.code === 'EROFS' && args[1] !== 'r') throw fail();
        const handle = await target.open(...args);
        const write = handle.write.bind(handle);
        handle.write = async (bytes, offset, length, position) => {
          if (!broken.code) return write(bytes, offset, length, position);
          if (broken.torn) await write(bytes, offset, Math.floor(length / 2), position);
          throw fail();
        };
        return handle;
      };
    }
  });
  return broken;
}
