import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { programFor, submissionsOf, whyMissing } from './submissions.ts';

const root = mkdtempSync(join(tmpdir(), 'maelstrom-grade-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folderWith(name: string, files: readonly string[]): string {
  const folder = join(root, name);
  for (const file of files) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    if (!file.includes('.')) chmodSync(path, 0o755);
  }
  return folder;
}

const ECHO = { name: '1', title: '', tests: ['-w echo --time-limit 1'], limits: {} };

it('executable files and folders are submissions; other files are not', () => {
  const folder = folderWith('class', [
    'ann.ts',
    'bob',
    'cy/echo.ts',
    'README.md',
    '.git/x',
    'node_modules/x/a.js',
    'data.json',
  ]);
  symlinkSync('nowhere', join(folder, 'dangling'));
  expect(submissionsOf(folder).map(({ name }) => name)).toEqual(['ann', 'bob', 'cy']);
});

it('two files with the same name keep their extensions', () => {
  expect(submissionsOf(folderWith('twins', ['a.ts', 'a.js'])).map(({ name }) => name)).toEqual([
    'a.js',
    'a.ts',
  ]);
});

it('an empty folder, a missing one and a file are refused', () => {
  const folder = folderWith('empty', ['notes.txt']);
  expect(() => submissionsOf(folder)).toThrow('contains neither programs nor folders');
  expect(() => submissionsOf(join(folder, 'none'))).toThrow('does not exist');
  expect(() => submissionsOf(join(folder, 'notes.txt'))).toThrow('is no folder');
});

it.each([
  ['the file that it names', ['a.py', 'b/c.ts'], { ...ECHO, bin: 'b/c.ts' }, 'b/c.ts'],
  ['nothing if the named file is missing', ['echo.ts'], { ...ECHO, bin: 'node.ts' }, undefined],
  ['a program with its name', ['1.ts', 'echo.ts'], ECHO, '1.ts'],
  ['a program with the name of its workload', ['main.ts', 'echo.js'], ECHO, 'echo.js'],
  ['a program named main', ['main.ts', 'other.ts'], ECHO, 'main.ts'],
  ['a folder with an index', ['echo/index.ts', 'x.ts', 'y.ts'], ECHO, 'echo'],
  ['the folder itself', ['index.ts', 'parts.ts'], ECHO, ''],
  ['the only program', ['solution.ts', 'solution.test.ts', 'notes.md'], ECHO, 'solution.ts'],
  ['no program for another workload', ['broadcast.ts'], ECHO, undefined],
  ['an executable program rather than a script that is not', ['echo.py', 'run'], ECHO, 'run'],
  ['none of several others', ['x.ts', 'y.ts'], ECHO, undefined],
])('an assignment grades %s', (name, files, assignment, expected) => {
  const folder = folderWith(`one/${name}`, files);
  const program = programFor({ name, path: folder, isFolder: true }, assignment);
  expect(program === undefined ? undefined : relative(folder, program)).toBe(expected);
});

it('a script that is not executable is a submission, whose grade says what it lacks', () => {
  const folder = folderWith('unpacked', ['ann.py', 'bob/echo.py']);
  const submissions = submissionsOf(folder);
  expect(submissions.map(({ name }) => name)).toEqual(['ann', 'bob']);
  expect(submissions.map((one) => programFor(one, ECHO))).toEqual([
    join(folder, 'ann.py'),
    join(folder, 'bob/echo.py'),
  ]);
});

it("a link to another's program is not graded as one's own, and is named; one to a part of the submission is", () => {
  const folder = folderWith('links', ['bob/echo.ts', 'gina/notes.md', 'ina/src/mine.ts']);
  symlinkSync('../bob/echo.ts', join(folder, 'gina/echo.ts'));
  symlinkSync('src/mine.ts', join(folder, 'ina/echo.ts'));
  symlinkSync('bob', join(folder, 'nina'));
  const [bob, gina, ina, nina] = submissionsOf(folder);
  const programs = [bob, gina, ina, nina].map((one) => one && programFor(one, ECHO));
  expect(programs).toEqual(
    ['bob/echo.ts', undefined, 'ina/echo.ts', 'nina/echo.ts'].map((path) => path && join(folder, path)),
  );
  expect(gina && whyMissing(gina, ECHO)).toBe(
    'echo.ts is a link out of the folder, to ../bob/echo.ts: only what was handed in is graded.',
  );
});

it.each([
  ['nothing', [], ECHO, 'Nothing was handed in: the folder is empty.'],
  [
    'a program in a subfolder',
    ['README.md', 'src/echo.ts'],
    ECHO,
    'No program there is called 1, echo, main, node or index; the folder holds README.md, src/.',
  ],
  [
    'a program other than the named one',
    ['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts', 'f.ts'],
    { ...ECHO, bin: 'x.ts' },
    'x.ts is not there; the folder holds a.ts, b.ts, c.ts, d.ts, e.ts and 1 more.',
  ],
])('if there is %s, what is missing and what was found is reported', (name, files, assignment, expected) => {
  const folder = folderWith(`missing/${name}`, files);
  mkdirSync(folder, { recursive: true });
  expect(whyMissing({ name, path: folder, isFolder: true }, assignment)).toBe(expected);
});
