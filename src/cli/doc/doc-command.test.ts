import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { UserError } from '../../protocol/user-error.ts';
import type { Session } from '../session.ts';
import { Console } from '../show/console.ts';
import { runCommand } from '../commands.ts';

const root = mkdtempSync(join(tmpdir(), 'maelstrom-doc-'));
afterAll(() => rmSync(root, { recursive: true }));

const PAGES = ['protocol.md', 'reference', 'services.md', 'workloads.md'];

async function doc(...words: readonly string[]): Promise<string> {
  let text = '';
  const console = new Console({ write: (more) => (text += more) }, {});
  const session: Session = {
    console,
    errors: console,
    stdin: () => new ReadableStream<Uint8Array>(),
    env: {},
    program: 'maelstrom',
  };
  await runCommand('doc', words, session);
  return text;
}

const refused = (words: readonly string[]): Promise<string> =>
  doc(...words).then(
    () => 'written',
    (error: unknown) => (error instanceof UserError ? `${error.message} ${error.hint ?? ''}` : String(error)),
  );

it('writes the pages into a folder, however it is named, and again over its own', async () => {
  const folder = join(root, 'a');
  const said = await doc(folder);
  expect(said).toContain(join(folder, 'reference/results.md'));
  expect(readdirSync(folder).toSorted()).toEqual(PAGES);
  writeFileSync(join(folder, 'services.md'), `${readFileSync(join(folder, 'services.md'), 'utf8')}older`);
  expect(await doc('--folder', folder)).toBe(said);
  expect(readFileSync(join(folder, 'services.md'), 'utf8')).not.toContain('older');
});

it('never overwrites a file that it did not write, and then writes nothing at all', async () => {
  const folder = join(root, 'c');
  mkdirSync(folder);
  writeFileSync(join(folder, 'services.md'), 'mine');
  expect(await refused([folder])).toBe(
    `${join(folder, 'services.md')} would be overwritten, and was not written by this command. Nothing was written. ` +
      'Choose another folder (maelstrom doc --folder FOLDER), or overwrite them with --force.',
  );
  expect(readdirSync(folder)).toEqual(['services.md']);
  expect(readFileSync(join(folder, 'services.md'), 'utf8')).toBe('mine');
  await doc(folder, '--force');
  expect(readdirSync(folder).toSorted()).toEqual(PAGES);
  expect(readFileSync(join(folder, 'services.md'), 'utf8')).toContain('# Services');
});

it('does not write through a link', async () => {
  const folder = join(root, 'd');
  mkdirSync(folder);
  writeFileSync(join(root, 'mine.md'), 'mine');
  symlinkSync(join(root, 'mine.md'), join(folder, 'protocol.md'));
  expect(await refused([folder])).toMatch(/protocol\.md would be overwritten/);
  await doc(folder, '--force');
  expect(readFileSync(join(root, 'mine.md'), 'utf8')).toBe('mine');
});

it('treats its pictures in the same way', async () => {
  const folder = join(root, 'e');
  mkdirSync(join(folder, 'reference/pictures'), { recursive: true });
  writeFileSync(join(folder, 'reference/pictures/g0.svg'), '<svg/>');
  expect(await refused([folder])).toMatch(/g0\.svg would be overwritten/);
  expect(readdirSync(folder)).toEqual(['reference']);
});

it('takes one folder', async () => {
  expect(await refused(['one', 'two'])).toMatch(/maelstrom doc --help/);
});
