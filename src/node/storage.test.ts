import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Storage, type FileSystem } from './storage.ts';

const parent = mkdtempSync(join(tmpdir(), 'maelstrom-storage-'));
afterAll(() => rmSync(parent, { recursive: true }));

const newFolder = (): string => mkdtempSync(join(parent, 'node-'));

/** A file system that records the calls. */
function watched(): { files: FileSystem; calls: string[] } {
  const calls: string[] = [];
  const files = new Proxy<FileSystem>(fs, {
    get:
      (target, name: keyof FileSystem) =>
      (...given: never[]): unknown => {
        calls.push(name);
        // Passes on all arguments.
        const call: (...args: never[]) => unknown = target[name];
        return call(...given);
      },
  });
  return { files, calls };
}

describe('values', () => {
  it('survive into the next life', () => {
    const folder = newFolder();
    const storage = new Storage({ folder });
    storage.write('term', 7);
    storage.write('vote', { for: 'n1', big: 12345678901234567890n });
    storage.write('term', 8);
    const next = new Storage({ folder });
    expect([next.read('term'), next.read('vote')]).toEqual([8, { for: 'n1', big: 12345678901234567890n }]);
  });

  it('are undefined if they were never written, or were removed', () => {
    const storage = new Storage({ folder: newFolder() });
    storage.write('a', 1);
    storage.remove('a');
    storage.remove('never');
    expect([storage.read('a'), storage.read('never')]).toEqual([undefined, undefined]);
  });

  it('may have any key', () => {
    const folder = newFolder();
    const keys = ['', '..', '../x', 'a/b', 'é', '__proto__', 'CON', 'a b', '%'];
    const storage = new Storage({ folder });
    keys.forEach((key, at) => storage.write(key, at));
    expect(keys.map((key) => storage.read(key))).toEqual(keys.map((_, at) => at));
    expect(readdirSync(folder)).toHaveLength(keys.length);
  });

  it('are synced before they replace the previous value', () => {
    const { files, calls } = watched();
    new Storage({ folder: newFolder(), files }).write('a', 1);
    expect(calls.filter((call) => ['writeSync', 'fsyncSync', 'renameSync'].includes(call))).toEqual([
      'writeSync',
      'fsyncSync',
      'renameSync',
      'fsyncSync',
    ]);
  });

  it('survive a truncated write', () => {
    const folder = newFolder();
    new Storage({ folder }).write('a', 'whole');
    writeFileSync(join(folder, 'a.json.new'), '"ha');
    expect(new Storage({ folder }).read('a')).toBe('whole');
  });
});

describe('logs', () => {
  it('survive into the next life, which appends to them', () => {
    const folder = newFolder();
    const storage = new Storage({ folder });
    storage.append('log', { n: 1 });
    storage.append('log', 2, [3]);
    storage.append('log');
    const next = new Storage({ folder });
    next.append('log', 'four\n');
    expect(next.readLog('log')).toEqual([{ n: 1 }, 2, [3], 'four\n']);
  });

  it('lose a truncated entry, and only that', () => {
    const folder = newFolder();
    new Storage({ folder }).append('log', 10, 20);
    appendFileSync(join(folder, 'log.log'), '3');
    const next = new Storage({ folder });
    expect(next.readLog('log')).toEqual([10, 20]);
    next.append('log', 40);
    expect(next.readLog('log')).toEqual([10, 20, 40]);
    expect(readFileSync(join(folder, 'log.log'), 'utf8')).toBe('10\n20\n40\n');
  });

  it('can be rewritten, and appended to afterwards', () => {
    const storage = new Storage({ folder: newFolder() });
    storage.append('log', 1, 2, 3);
    storage.rewriteLog('log', [1, 9]);
    storage.append('log', 10);
    expect(storage.readLog('log')).toEqual([1, 9, 10]);
  });

  it('are synced with every append', () => {
    const { files, calls } = watched();
    const storage = new Storage({ folder: newFolder(), files });
    storage.append('log', 1);
    calls.length = 0;
    storage.append('log', 2, 3);
    expect(calls).toEqual(['writeSync', 'fsyncSync']);
  });

  it('may have any characters: what was written is counted in bytes', () => {
    const storage = new Storage({ folder: newFolder() });
    const entries = ['a', '\u00e9\u07ff', '\u0800\uffff', '\u{1f600}\u{10ffff}x', '\ud83d', '\ude00\ud83d'];
    for (const entry of entries) storage.append('log', entry);
    expect(storage.readLog('log')).toEqual(entries);
  });

  it('without entries are empty', () => {
    expect(new Storage({ folder: newFolder() }).readLog('log')).toEqual([]);
  });
});

it('a disk that accepts only a part is reported', () => {
  const files: FileSystem = { ...fs, writeSync: () => 1 };
  const storage = new Storage({ folder: newFolder(), files });
  expect(() => storage.write('a', 'long')).toThrow('Only 1 of 6 bytes could be written; is the disk full?');
});

it('a missing folder is reported with the variable that should name it', () => {
  expect(() => new Storage()).toThrow('MAELSTROM_DATA_DIR is not set');
});
