/**
 * The guide is accurate, and so are the other pages that show what commands print: their programs are the files they name, their
 * commands print what they show, their links lead somewhere. All runs are simulated with the seed given in the text, so their output
 * is the same everywhere. support/guide.ts has the rules for writers.
 *
 * `node scripts/record-guide.mjs [03]` writes the current output of the commands into the text; `node scripts/draw-guide.mjs [03]`
 * redraws the pictures from the runs in the text.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../src/cli/cli.ts';
import type { Session } from '../src/cli/session.ts';
import { Console } from '../src/cli/show/console.ts';
import { TEST_COMMAND } from '../src/cli/test-command/test-command.ts';
import { COMMAND_NAMES } from '../src/cli/words/command-names.ts';
import { parseWords } from '../src/cli/words/read-words.ts';
import { makeBoundedStories } from '../src/story/stored/stored-stories.ts';
import {
  LEFT_OUT,
  missing,
  normalized,
  readChapter,
  readGuide,
  reRecorded,
  stretches,
  type Chapter,
  type Command,
} from './support/guide.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const guide = join(project, 'docs/guide');
const { RECORD_GUIDE = '', DRAW_GUIDE = '' } = process.env;
/** Size limit of a picture, which should load faster than it is read. */
const MOST_BYTES = 60_000;

/** Below docs. */
const OTHER_PAGES = ['fails-sometimes.md', 'finding.md', 'exploring.md'];
const chapters = [
  ...readGuide(guide),
  ...OTHER_PAGES.map((name) => readChapter(name, join(project, 'docs', name))),
];
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-guide-'));
const home = process.cwd();

beforeAll(async () => {
  // It keeps the working directory of its first import for the whole worker, and the folders of chapters are removed.
  await import('esbuild');
  // The reports are drawn by a script in dist.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 240_000);
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** Lines of a chapter, starting at `from`, and their replacement. */
interface Change {
  readonly from: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const linesOf = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

/** Creates a folder with the contents of a reader's clone, but without runs. */
function clone(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const entry of ['docs', 'examples', 'maelstrom', 'package.json', 'node_modules', 'src', 'dist'])
    symlinkSync(join(project, entry), join(path, entry));
  return path;
}

/** Returns what a terminal shows in the end, line by line. */
function shownOn(written: string): readonly string[] {
  const lines = written.split('\n').map((line) => line.split('\r\u001b[2K').at(-1) ?? '');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Splits a command into words, some of which may be quoted. */
const wordsOf = (typed: string): readonly string[] =>
  [...typed.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, one, two, three]) => one ?? two ?? three ?? '');

/** Reports only what is shown on the terminal, since drawing a report takes longer than the run. */
const storiesOnly: NonNullable<Session['reportRun']> = async ({ folder: run, onStories }) => {
  await Promise.resolve(); // lets the verdict be printed first
  const stories = makeBoundedStories(run);
  if (stories !== undefined) onStories?.(stories);
  return undefined;
};

/** Runs a command: Maelstrom in this process, as on a terminal without colours, everything else in a shell. */
async function printedBy(typed: string, isDrawn: boolean): Promise<readonly string[]> {
  const [program, ...words] = wordsOf(typed);
  if (program !== './maelstrom') {
    const { stdout, stderr } = spawnSync('sh', ['-c', typed], { encoding: 'utf8' });
    return shownOn(stdout + stderr);
  }
  let written = '';
  const terminal = new Console(
    { isTTY: true, columns: 100, write: (text) => (written += text) },
    { NO_COLOR: '1' },
  );
  await runCli(words, {
    console: terminal,
    errors: terminal,
    stdin: () => {
      throw new Error('the guide types nothing');
    },
    env: {},
    program,
    ...(isDrawn ? {} : { reportRun: storiesOnly }),
  });
  return shownOn(written);
}

/** Removes leading and trailing blank lines, which the text may leave out. */
function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line.trim() !== '') + 1);
}

function compare({ typed, printed, from }: Command, now: readonly string[], { path }: Chapter): void {
  const shown = stretches(trimmed(printed).map(normalized), LEFT_OUT);
  const whole = trimmed(now).map(normalized);
  if (shown.length === 1) expect(shown[0], `$ ${typed}`).toEqual(whole);
  const gone = missing(shown, whole);
  if (gone !== undefined)
    throw new Error(
      `${relative(project, path)}, line ${from + 1}: the output of \`${typed}\` has no such lines there:\n\n` +
        `${gone.join('\n')}\n\nIt is:\n\n${now.join('\n')}\n\n` +
        'If that is as it should be: node scripts/record-guide.mjs writes it into the text.',
    );
}

describe.each(chapters.map((chapter) => ({ ...chapter, chapter })))('$name', ({ name, chapter }) => {
  test('shows its programs unchanged', () => {
    for (const { file, lines, info } of chapter.programs) {
      const whole = linesOf(join(project, file));
      const shown = stretches(lines, '// ...');
      expect(lines, `${name}: "${info}" is empty`).not.toEqual([]);
      // A single contiguous excerpt need not be marked as such.
      const loose = shown.length === 1 && whole.length !== lines.length;
      const gone = missing(loose ? [[], ...shown, []] : shown, whole);
      expect(gone, `${name}: "${info}" has lines that the file has not, or not there`).toBeUndefined();
    }
  });

  test('shows what other pages show', () => {
    for (const { page, lines } of chapter.excerpts) {
      const shown = chapters.find((other) => other.name === page);
      const whole = shown?.commands.flatMap(({ typed, printed }) => [`$ ${typed}`, ...printed]) ?? [];
      const gone = missing([[], ...stretches(lines, LEFT_OUT), []], whole);
      expect(gone, `${name}: ${page} has no such lines, or not there`).toBeUndefined();
    }
  });

  test('shows what its commands print', { timeout: 600_000 }, async () => {
    process.chdir(clone(name));
    const changes: Change[] = [];
    const pictures = [...chapter.pictures];
    for (const [number, command] of chapter.commands.entries()) {
      const { typed, printed, from } = command;
      // A scenario has its own world and seed.
      if (typed.startsWith('./maelstrom test'))
        expect(typed).toMatch(/--simulate.*--seed|--seed.*--simulate|--scenario/);
      const isLookedInto = chapter.commands[number + 1]?.typed.startsWith('ls ') === true;
      const now = await printedBy(typed, isLookedInto || DRAW_GUIDE !== '');
      if (RECORD_GUIDE === '') compare(command, now, chapter);
      else changes.push({ from, before: printed, after: reRecorded(trimmed(printed), trimmed(now)) });
      if (DRAW_GUIDE === '') continue;
      // The pictures between this command and the next.
      const next = chapter.commands[number + 1]?.from ?? Infinity;
      while (pictures[0] !== undefined && pictures[0].line < next) {
        const { path, drawnFrom, line } = pictures.shift() as (typeof pictures)[0];
        if (drawnFrom === undefined || line < from) continue;
        mkdirSync(dirname(join(dirname(chapter.path), path)), { recursive: true });
        copyFileSync(join('store/latest', drawnFrom), join(dirname(chapter.path), path));
      }
    }
    if (RECORD_GUIDE === '') return;
    for (const { file, lines, from } of chapter.programs)
      if (lines.length === 0) changes.push({ from, before: [], after: linesOf(join(project, file)) });
    const text = [...chapter.lines];
    for (const { from, before, after } of changes.toSorted((a, b) => b.from - a.from))
      text.splice(from, before.length, ...after);
    writeFileSync(chapter.path, text.join('\n'));
  });

  test('has links with existing targets, and small pictures', () => {
    for (const link of chapter.links) {
      const [path = '', mark] = link.split('#');
      if (/^https?:/.test(path)) continue;
      const target = path === '' ? chapter.path : resolve(dirname(chapter.path), path);
      expect(existsSync(target), `${name} links ${link}`).toBe(true);
      if (mark !== undefined) expect(headings(target), `${name} links ${link}`).toContain(mark);
    }
    for (const { path } of chapter.pictures)
      expect(statSync(join(dirname(chapter.path), path)).size, path).toBeLessThan(MOST_BYTES);
  });

  test('mentions only existing commands', () => {
    for (const line of chapter.mentioned) {
      const [program, command = '', ...words] = wordsOf(line.replace(/\s+#.*$/, ''));
      if (program !== './maelstrom') continue;
      expect([...COMMAND_NAMES, 'help'], line).toContain(command);
      if (command === 'test') expect(parseWords(TEST_COMMAND, words, 80).kind, line).toBe('words');
    }
  });
});

/** Returns the anchors of a page's headings. */
const headings = (path: string): readonly string[] =>
  linesOf(path)
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

test('a line that is not printed, or misplaced, is found', () => {
  const printed = ['a', 'b', 'c', 'd'];
  const missed = (...shown: string[]) => missing(stretches(shown, LEFT_OUT), printed);
  expect(missed('a', '...', 'd')).toBeUndefined();
  expect(missed('...', 'b', 'c', '...')).toBeUndefined();
  expect(missed('a', '...', 'x', '...')).toEqual(['x']);
  expect(missed('...', 'b', 'd', '...')).toEqual(['b', 'd']);
  expect(missed('...', 'c', '...', 'b', '...')).toEqual(['b']);
  expect(missed('b', '...')).toEqual(['b']);
  expect(missed('...', 'c')).toEqual(['c']);
  expect(missed('a', 'b')).toEqual(['c', 'd']);
});

test('a recording keeps omissions, and updates figures', () => {
  const before = ['a 1', '...', 'net 5 messages', '...'];
  expect(reRecorded(before, ['a 2', 'b', 'net 7 messages', 'c'])).toEqual([
    'a 2',
    '...',
    'net 7 messages',
    '...',
  ]);
  expect(reRecorded(before, ['a 2', 'b', 'c'])).toEqual(['a 2', 'b', 'c']);
});

test('every program of the guide is shown, and run', () => {
  const programs = readdirSync(guide, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(guide, name)).map((file) => `docs/guide/${name}/${file}`))
    .filter((path) => /\/step-[^/]*$/.test(path) && !path.endsWith('.svg'));
  const shown = new Set(chapters.flatMap((chapter) => chapter.programs.map(({ file }) => file)));
  const run = chapters.flatMap((chapter) => chapter.commands.map(({ typed }) => typed)).join('\n');
  expect(programs.filter((path) => !shown.has(path))).toEqual([]);
  expect(programs.filter((path) => !run.includes(path))).toEqual([]);
});
