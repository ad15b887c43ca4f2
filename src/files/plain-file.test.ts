import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  appendOwn,
  lstatIfThere,
  makeOwnFolder,
  openPlainHandle,
  readPlain,
  replaceFile,
  statIfThere,
  statPlain,
  writeBelow,
} from './plain-file.ts';

const root = mkdtempSync(join(tmpdir(), 'plain-file-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

interface Planted {
  readonly folder: string;
  /** The path of something that is not a plain file. */
  readonly path: string;
  /** A file that must be neither shown nor changed. */
  readonly outside: string;
}

function plant(put: (path: string, outside: string) => void): Planted {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  const outside = join(folder, 'outside');
  writeFileSync(outside, 'secret');
  const path = join(folder, 'file');
  put(path, outside);
  return { folder, path, outside };
}

const ODD = {
  'a named pipe': (path: string) => void execFileSync('mkfifo', [path]),
  'a symbolic link': (path: string, outside: string) => symlinkSync(outside, path),
  'a folder': (path: string) => mkdirSync(path),
  'a link that leads nowhere': (path: string) => symlinkSync('nowhere', path),
};

describe.each(Object.entries(ODD))('%s in place of a file', (_, put) => {
  it('is not read, and no read waits for it', async () => {
    const { path } = plant(put);
    expect(() => readPlain(path)).toThrow(/not a plain file/);
    await expect(openPlainHandle(path)).rejects.toThrow(/not a plain file/);
    expect(statPlain(path)).toBeUndefined();
  });

  it('is replaced by a write, and its target stays unchanged', () => {
    const { path, outside } = plant(put);
    replaceFile(path, 'ours');
    expect(readPlain(path)).toBe('ours');
    expect(readFileSync(outside, 'utf8')).toBe('secret');
  });

  it('is moved aside by an append', () => {
    const { path, outside } = plant(put);
    const fd = appendOwn(path);
    writeSync(fd, 'ours');
    closeSync(fd);
    expect(readPlain(path)).toBe('ours');
    expect(readFileSync(outside, 'utf8')).toBe('secret');
  });
});

it('continues at the end of a file of its own', () => {
  const { path } = plant((file) => writeFileSync(file, 'one '));
  const fd = appendOwn(path);
  writeSync(fd, 'two');
  closeSync(fd);
  expect(readPlain(path)).toBe('one two');
});

it('does not write to a file through a second name of it', () => {
  const { path, outside } = plant((file, other) => linkSync(other, file));
  closeSync(appendOwn(path));
  replaceFile(path, 'ours');
  expect(readFileSync(outside, 'utf8')).toBe('secret');
});

it('nothing exists below a file, behind a cycle of links, or under an impossible name', () => {
  const { folder, path } = plant((file) => writeFileSync(file, 'a file'));
  symlinkSync('round', join(folder, 'round'));
  expect(statIfThere(join(folder, 'round'))).toBe(undefined);
  expect(statIfThere(join(folder, 'x'.repeat(5000)))).toBe(undefined);
  for (const look of [lstatIfThere, statIfThere]) {
    expect(look(join(path, 'below'))).toBe(undefined);
    expect(look(`${path}-none`)).toBe(undefined);
    expect(look(path)?.isFile()).toBe(true);
  }
});

it('leaves only the file behind', () => {
  const { folder, path } = plant((file) => writeFileSync(file, 'before'));
  replaceFile(path, 'after');
  expect(readdirSync(folder).toSorted()).toEqual(['file', 'outside']);
  expect(() => replaceFile(join(folder, 'none', 'file'), '')).toThrow(/ENOENT/);
});

it('writes into no folder that is a link', () => {
  const { folder } = plant(() => undefined);
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, join(folder, 'elle'));
  writeBelow(folder, 'elle/G1a.txt', 'ours');
  expect(existsSync(join(elsewhere, 'G1a.txt'))).toBe(false);
  expect(readPlain(join(folder, 'elle', 'G1a.txt'))).toBe('ours');
  symlinkSync(elsewhere, join(folder, 'root'));
  expect(() => makeOwnFolder(join(folder, 'root'), join(folder, 'root', 'x'))).toThrow(/a link or a file/);
  expect(() => makeOwnFolder(join(folder, 'gone'), join(folder, 'gone', 'x'))).toThrow(/does not exist/);
});
