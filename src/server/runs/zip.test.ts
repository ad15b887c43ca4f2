import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { zipFolder } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** True when this process has the file open; only Linux reveals that. */
const isOpen = (path: string): boolean =>
  readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(join('/proc/self/fd', fd)) === path;
    } catch {
      return false;
    }
  });

test.skipIf(!existsSync('/proc/self/fd'))('a reader that disconnects leaves no file open', async () => {
  const large = join(folder, 'large');
  writeFileSync(large, Buffer.alloc(8e6));
  for await (const _ of zipFolder(folder, 'run')) if (isOpen(large)) break;
  // A file is closed some turns of the event loop later.
  for (let turn = 0; turn < 10_000 && isOpen(large); turn++) await new Promise((next) => setImmediate(next));
  expect(isOpen(large)).toBe(false);
});

test('a missing folder is an error of the stream', async () => {
  await expect(zipFolder(join(folder, 'nowhere'), 'run').toArray()).rejects.toThrow('ENOENT');
});
