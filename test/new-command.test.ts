/**
 * `maelstrom new` and `init` as a user calls them, in an empty folder with an empty home: what they write passes at once, and an
 * editor knows the exports of `maelstrom/node`.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGE_NAMES, LANGUAGES } from '../src/cli/new/languages.ts';
import { compile } from './support/compile.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const launcher = join(project, 'maelstrom');
const folder = mkdtempSync(join(tmpdir(), 'maelstrom new-'));
const env = {
  PATH: process.env['PATH'],
  HOME: join(folder, 'home'),
  NO_COLOR: '1',
  // Where rustup, if installed, keeps the compiler.
  RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(homedir(), '.rustup'),
};

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(command: string, words: readonly string[], cwd = folder): Promise<Ended> {
  const child = spawn(command, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const maelstrom = (...words: string[]): Promise<Ended> => run(launcher, words);

/** Returns what `tsc -p` reports there, with additional options. */
const problems = (path: string, ...more: readonly string[]): string => compile(path, ['-p', '.', ...more]);

beforeAll(async () => {
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
  mkdirSync(env.HOME);
  // The build makes the types in parallel with everything else.
  while (!existsSync(join(project, 'dist/types/node/index.d.ts')))
    await new Promise((resolve) => setTimeout(resolve, 100));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('maelstrom new', () => {
  it('writes a node in TypeScript that passes at once, and says what comes next', async () => {
    const { code, output } = await maelstrom('new', 'my node');
    expect(code).toBe(0);
    expect(output).toContain("cd 'my node'\n  npm test\n");
    const own = join(folder, 'my node');
    expect(JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'))).toMatchObject({
      name: 'my-node',
      type: 'module',
    });
    expect(readFileSync(join(own, 'echo.ts'), 'utf8')).toBe(
      readFileSync(join(project, 'examples/echo.ts'), 'utf8'),
    );
    expect(
      readFileSync(join(own, 'README.md'), 'utf8')
        .trimEnd()
        .split('\n')
        .filter((line) => line !== ''),
    ).toHaveLength(3);
    const green = await run('npm', ['test'], own);
    expect(green.output).toMatch(/pass 3\b/);
    expect(green.code).toBe(0);
  });

  it('writes a test that explains failures', async () => {
    await maelstrom('new', 'wrong', '--lang', 'javascript');
    const own = join(folder, 'wrong');
    const echo = readFileSync(join(own, 'echo.js'), 'utf8');
    writeFileSync(join(own, 'echo.js'), echo.replace('body.echo }', "'hello' }"));
    const { code, output } = await run('npm', ['test'], own);
    expect(output).toMatch(/requests were not echoed, for example "Please echo \d+" was answered by/);
    expect(code).not.toBe(0);
  });

  it.each(['ts', 'js'])(
    'writes %s that TypeScript accepts with all checks, and whose mistakes it finds',
    async (lang) => {
      const own = join(folder, `typed-${lang}`);
      expect(await maelstrom('new', own, '--lang', lang)).toMatchObject({ code: 0 });
      for (const workload of ['broadcast', 'lin-kv'])
        expect(await run(launcher, ['init', '--lang', lang, '-w', workload], own)).toMatchObject({ code: 0 });
      const strict = ['--skipLibCheck', 'false'];
      expect(problems(own, ...strict)).toBe('');
      const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler'];
      expect(problems(own, ...strict, ...bundler)).toBe('');
      writeFileSync(
        join(own, `wrong.${lang}`),
        "import { Node } from 'maelstrom/node';\nnew Node().peerz;\n",
      );
      expect(problems(own)).toMatch(/Property 'peerz' does not exist on type 'Node'. Did you mean 'peers'/);
    },
  );

  const others = LANGUAGE_NAMES.filter((name) => name !== 'ts' && name !== 'js');
  it.for(others)('writes %s with a test.sh that builds and tests it', async (lang, { skip }) => {
    const { needs, program } = LANGUAGES[lang];
    const { code, output } = await maelstrom('new', `in-${lang}`, '--lang', lang);
    expect(code).toBe(0);
    const own = join(folder, `in-${lang}`);
    expect(readdirSync(own).sort()).toEqual(
      [
        ...program('echo').files,
        'test.sh',
        'README.md',
        '.gitignore',
        ...(lang === 'go' ? ['go.mod'] : []),
      ].sort(),
    );
    const isHere = spawnSync('sh', ['-c', `command -v ${needs}`]).status === 0;
    expect(output.includes(`${needs} is not on the PATH`)).toBe(!isHere);
    if (!isHere) skip(`${needs} is not installed`);
    if (lang === 'rust' && spawnSync(needs, ['--version'], { env }).status !== 0)
      skip('this rustc is one of rustup, without a toolchain');
    const small = ['--time-limit', '1', '--rate', '20', '--node-count', '2', '--no-report'];
    const green = await run(join(own, 'test.sh'), small);
    expect(green.output).toContain('Everything looks good!');
    expect(green.code).toBe(0);
  });

  it('overwrites nothing', async () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/notes.txt'), 'mine');
    writeFileSync(join(folder, 'file'), 'mine');
    symlinkSync('nowhere', join(folder, 'dangling'));
    for (const [name, words, advice] of [
      ['full', 'full already exists and contains notes.txt.', `${launcher} init`],
      ['file', 'file already exists and is not a folder.', 'Choose another name.'],
      ['dangling', 'dangling already exists and is not a folder.', 'Choose another name.'],
    ] as const) {
      const { code, output } = await maelstrom('new', name);
      expect(output).toContain(words);
      expect(output).toContain(advice);
      expect(code).toBe(254);
    }
    expect(readdirSync(join(folder, 'full'))).toEqual(['notes.txt']);
  });

  it.each([
    [['new'], 'No folder was named.'],
    [['new', '..'], '".." does not name a new folder.'],
    [['new', 'x', 'y'], 'Expected 1 argument but got 2'],
    [['new', 'file/below'], 'a part of the path is a file, not a folder'],
    [['new', 'x', '--lang', 'rusty'], 'there is no language "rusty". Did you mean rust?'],
    [['new', 'x', '-w', 'brodcast'], 'Did you mean broadcast?'],
    [['new', 'x', '--language', 'rust'], "Unknown option '--language'. Did you mean --lang?"],
  ])('%j: %s', async (words, expected) => {
    writeFileSync(join(folder, 'file'), 'mine');
    const { code, output } = await maelstrom(...words);
    expect(output).toContain(expected);
    expect(code).toBe(254);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});

describe('maelstrom init', () => {
  it('adds what is missing, and keeps the rest', async () => {
    const own = join(folder, 'existing');
    mkdirSync(own);
    writeFileSync(join(own, 'package.json'), '{ "name": "mine", "type": "module" }');
    symlinkSync('nowhere.ts', join(own, 'broadcast.ts'));
    const { code, output } = await run(launcher, ['init', '-w', 'broadcast'], own);
    expect(code).toBe(0);
    expect(output).toContain('left unchanged: broadcast.ts, package.json');
    expect(output).toContain('package.json does not list Maelstrom yet.');
    expect(output).toContain('  node --test test.mjs\n');
    expect(existsSync(join(own, 'nowhere.ts'))).toBe(false);
    expect(readFileSync(join(own, 'package.json'), 'utf8')).toBe('{ "name": "mine", "type": "module" }');
    expect(existsSync(join(own, 'node_modules/maelstrom/package.json'))).toBe(true);
    rmSync(join(own, 'broadcast.ts'));
    const again = await run(launcher, ['init', '-w', 'broadcast'], own);
    expect(again.output).toContain('Wrote into this folder: broadcast.ts\n');
  });

  it("does nothing in Maelstrom's own folder", async () => {
    const { code, output } = await run('./maelstrom', ['init'], project);
    expect(output).toContain("This is Maelstrom's own folder");
    expect(code).toBe(254);
    expect(existsSync(join(project, 'test.mjs'))).toBe(false);
  });
});
