import { afterAll, expect, it } from 'vitest';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolders } from './make-folders.ts';

const root = mkdtempSync(join(tmpdir(), 'make-folders-'));
afterAll(() => rmSync(root, { recursive: true }));

it('creates a folder and those above it, and accepts one that exists', () => {
  const folder = join(root, 'a', 'b', 'c');
  makeFolders(folder);
  makeFolders(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

it.runIf(process.platform === 'linux')(
  'fails where nothing can be created, instead of trying forever',
  () => {
    expect(() => makeFolders('/proc/nothing/below')).toThrow('ENOENT');
  },
);
