/**
 * The introductory pages show what really happens. In docs/faq.md and docs/challenges.md a program's block has its file name after
 * the language, and a `sh` block followed by a `text` block is run in virtual time: the output contains these lines contiguously,
 * except where a `...` is between them. In docs/your-language.md a `transcript` block belongs to the Python program above it. The
 * links of all pages lead to existing files and headings.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../src/cli/session.ts';
import { Console } from '../src/cli/show/console.ts';
import { runCommand } from '../src/cli/commands.ts';
import { COMMAND_NAMES } from '../src/cli/words/command-names.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 120_000);

interface Block {
  readonly language: string;
  /** The file name after the language. */
  readonly name: string;
  readonly text: string;
}

/** Returns the fenced blocks of a page, with an empty block wherever text separates them. */
function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(project, 'docs', page), 'utf8');
  const blocks: Block[] = [];
  let end = 0;
  for (const match of text.matchAll(/^```(\w*) ?(\S*)\n(.*?)^```$/gms)) {
    const [all, language = '', name = '', inside = ''] = match;
    if (text.slice(end, match.index).trim() !== '') blocks.push({ language: '', name: '', text: '' });
    blocks.push({ language, name, text: inside });
    end = match.index + all.length;
  }
  return blocks;
}

/** Returns what a terminal shows for a command as typed. Programs are those of the page or of this project. */
async function shownBy(command: string): Promise<readonly string[]> {
  const [name = '', ...words] = command
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .replace(/^\.\/maelstrom /, '')
    .trim()
    .split(' ');
  const placed = words.map((word, at) => {
    if (words[at - 1] !== '--bin') return word;
    return join(word.startsWith('examples/') ? project : folder, word);
  });
  let written = '';
  const sink = { isTTY: true, columns: 100, write: (text: string) => (written += text) };
  const console = new Console(sink, { NO_COLOR: '1' });
  const session: Session = {
    console,
    errors: console,
    stdin: () => {
      throw new Error('nothing is read from stdin');
    },
    env: process.env,
    program: './maelstrom',
  };
  const called = COMMAND_NAMES.find((own) => own === name);
  if (called === undefined) throw new Error(`there is no command for: ${command}`);
  await runCommand(called, [...placed, '--store', join(folder, 'store')], session).catch((error: unknown) => {
    written += error instanceof Error ? `maelstrom: ${error.message}` : '';
  });
  return linesOf(stripVTControlCharacters(written.replaceAll('\r\u001b[2K', '\n')));
}

/** Removes the folder of this test, and what differs from run to run. */
const linesOf = (text: string): readonly string[] =>
  text
    .replaceAll(`${folder}/`, '')
    // Paths are shown relative if that is shorter, as it is when the project is in the folder for temporary files.
    .replaceAll(`${relative('', folder)}/`, '')
    .replaceAll(project, '')
    .replaceAll(/\d{8}T\d{6}\.\d{3}Z/g, 'TIME')
    .split('\n')
    .map((line) => line.trimEnd());

/** Whether the output contains the parts between the `...` in order, each contiguous. */
function has(output: readonly string[], shown: string): boolean {
  const stretches = linesOf(shown.trimEnd())
    .join('\n')
    .split(/^ *\.\.\.$/m)
    .map((stretch) => stretch.replaceAll(/^\n+|\n+$/g, ''))
    .filter((stretch) => stretch !== '');
  let rest = output.join('\n');
  return stretches.every((stretch) => {
    const at = `\n${rest}\n`.indexOf(`\n${stretch}\n`);
    if (at < 0) return false;
    rest = rest.slice(at + stretch.length);
    return true;
  });
}

interface Shown {
  readonly command: string;
  readonly output: string;
}

const shownIn = (blocks: readonly Block[]): readonly Shown[] =>
  blocks.flatMap(({ language, text }, at) => {
    const next = blocks[at + 1];
    if (language !== 'sh' || next?.language !== 'text') return [];
    return [{ command: text.trim(), output: next.text }];
  });

describe.each([
  ['faq.md', 12],
  ['challenges.md', 3],
])('docs/%s', (page, least) => {
  const blocks = blocksOf(page);
  const shown = shownIn(blocks);

  it('has commands with their output', () => {
    expect(shown.length).toBeGreaterThanOrEqual(least);
  });

  it.each(shown)('$command', async ({ command, output }) => {
    for (const { name, text } of blocks) if (name !== '') writeFileSync(join(folder, name), text);
    const lines = await shownBy(command);
    expect(has(lines, output), `The page shows\n\n${output}\nand the command\n\n${lines.join('\n')}`).toBe(
      true,
    );
  });
});

describe.skipIf(spawnSync('python3', ['--version']).status !== 0)(
  'docs/your-language.md, with python3',
  () => {
    const blocks = blocksOf('your-language.md');
    const transcripts = blocks.flatMap(({ language, text }, at) => {
      if (language !== 'transcript') return [];
      const program = blocks
        .slice(0, at)
        .findLast(({ language: one, name }) => one === 'python' && name !== '');
      return program === undefined ? [] : [{ program, lines: text.trimEnd().split('\n') }];
    });

    it('has transcripts', () => {
      expect(transcripts.length).toBeGreaterThanOrEqual(3);
    });

    it.each(transcripts)('$program.name: $lines.2', async ({ program, lines }) => {
      const path = join(folder, program.name);
      writeFileSync(path, program.text, { mode: 0o755 });
      const node = spawn(path, { stdio: ['pipe', 'pipe', 'inherit'] });
      const ended = new Promise((resolve) => node.on('close', resolve));
      const printed = createInterface({ input: node.stdout })[Symbol.asyncIterator]();
      for (const line of lines) {
        const message: unknown = JSON.parse(line.slice(2));
        if (line.startsWith('→ ')) node.stdin.write(`${JSON.stringify(message)}\n`);
        else expect(JSON.parse((await printed.next()).value ?? 'null')).toEqual(message);
      }
      node.stdin.end();
      expect((await printed.next()).done).toBe(true);
      expect(await ended).toBe(0);
    });
  },
);

/** Returns the anchors of a page's headings, as GitHub generates them. */
function anchorsOf(path: string): ReadonlySet<string> {
  const text = readFileSync(path, 'utf8').replaceAll(/^```.*?^```$/gms, '');
  return new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  );
}

function deadLinksOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8').replaceAll(/^```.*?^```$/gms, '');
  const links = [...text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  return links.flatMap(([, file = '', anchor]) => {
    const target = file === '' ? path : join(dirname(path), decodeURI(file));
    if (!existsSync(target)) return [`${file}: no such file`];
    if (anchor === undefined || !target.endsWith('.md')) return [];
    return anchorsOf(target).has(anchor) ? [] : [`${file}#${anchor}: no such heading`];
  });
}

it.each([
  'README.md',
  'CONTRIBUTING.md',
  'examples/README.md',
  ...readdirSync(join(project, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
])('the links of %s lead to existing pages and headings', (page) => {
  expect(deadLinksOf(join(project, page))).toEqual([]);
});
