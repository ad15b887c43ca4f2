/** Completion in shells, with the scripts of the built command. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../src/cli/words/command-names.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

function output(...words: readonly string[]): { code: number | null; text: string } {
  const program = join(project, 'dist/maelstrom.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' });
  return { code: status, text: `${stdout}${stderr}` };
}

beforeAll(() => {
  execFileSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 180_000);

const isHere = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

describe('bash', () => {
  let script = '';
  beforeAll(() => {
    script = output('completion', 'bash').text;
    writeFileSync(join(folder, 'my echo.ts'), '');
  });

  /** Returns the completions offered for those words, the last of which is being typed. */
  function offered(...words: readonly string[]): readonly string[] {
    const all = ['maelstrom', ...words];
    const ask = `${script}
      COMP_WORDS=(${all.map((word) => `'${word}'`).join(' ')})
      COMP_CWORD=${all.length - 1}
      _maelstrom
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const found = execFileSync('bash', ['--norc', '-c', ask], { cwd: folder, encoding: 'utf8' });
    return found.split('\n').filter((line) => line !== '');
  }

  it('completes commands', () => {
    expect(offered('')).toEqual([...COMMAND_NAMES, 'help']);
    expect(offered('sh')).toEqual(['shrink']);
    expect(offered('help', 'gl')).toEqual(['glomers']);
  });

  it('completes the topics that help explains', () => {
    expect(offered('help', 'kaf')).toEqual(['kafka']);
    expect(offered('help', 'G1')).toContain('G1c');
    expect(offered('help', 'top')).toEqual(['topics']);
    expect(offered('help', 'strong-sess')).toContain('strong-session-serializable');
  });

  it('completes options, and their values', () => {
    expect(offered('test', '--test')).toEqual(['--test-count']);
    expect(offered('hunt', '--he')).toEqual(['--help']);
    expect(offered('test', '-w', 'txn')).toEqual(['txn-list-append', 'txn-rw-register']);
    expect(offered('test', '--workload', '=', 'ec')).toEqual(['echo']);
    expect(offered('test', '--workload', '=')).toContain('lin-kv');
    expect(offered('test', '--topology', 'tree')).toContain('tree4');
    expect(offered('test', '--rate', '')).toEqual([]);
    expect(offered('check', '--model', 'list')).toEqual(['list-append']);
    expect(offered('new', '--lang', 'ru')).toEqual(['rust', 'ruby']);
    expect(offered('glomers', '3')).toContain('3d');
    expect(offered('grade', '--reporter', 'g')).toEqual(['github']);
  });

  it('completes the last item of a list', () => {
    expect(offered('test', '--nemesis', 'partition,ki')).toEqual(['partition,kill']);
    expect(offered('test', '--consistency-models', 'serial')).toContain('serializable');
    expect(offered('hunt', '--nemesis', 'usual,k')).toEqual(['usual,kill']);
    expect(offered('hunt', '--keep', 'nodes,ra')).toEqual(['nodes,rate']);
    expect(offered('test', '--nemesis-targets', 'pri')).toEqual(['primary']);
    expect(offered('grade', '--challenges', '1,6')).toEqual(['1,6a', '1,6b', '1,6c']);
  });

  it('completes files for programs, and arguments of the program', () => {
    expect(offered('test', '--bin', 'm')).toEqual(['my echo.ts']);
    expect(offered('check', 'my')).toEqual(['my echo.ts']);
    expect(offered('test', '--', '-w', 'my')).toEqual(['my echo.ts']);
  });

  it('completes files of the user where a name may be one, once it looks like a path', () => {
    expect(offered('test', '-w', './my')).toEqual(['./my echo.ts']);
    expect(offered('hunt', '--topology', './my')).toEqual(['./my echo.ts']);
    expect(offered('test', '--nemesis', 'kill,./my')).toEqual(['kill,./my echo.ts']);
    expect(offered('test', '-w', 'my')).toEqual([]);
  });
});

it('no name in scripts needs quotes', () => {
  const { text } = output('completion', 'bash');
  for (const [, words = ''] of text.matchAll(/(?:_maelstrom_words|_maelstrom_list) '([^']*)'/g))
    expect(words).toMatch(/^[\w .,:+-]+$/);
});

it.each([
  [
    'zsh',
    [
      'compdef _maelstrom maelstrom',
      "'help:",
      "'*--workload=[",
      'txn-rw-register',
      '_files',
      ':value: _maelstrom_list_or_file partition',
    ],
  ],
  [
    'fish',
    [
      "-a help -d '",
      "'__fish_seen_subcommand_from help' -a 'test hunt",
      "complete -c maelstrom -n '__fish_seen_subcommand_from test' -l workload -s w -x -a \"(__maelstrom_or_file word echo ",
    ],
  ],
])('the script of %s has the options', (shell, parts) => {
  const { code, text } = output('completion', shell);
  expect(code).toBe(0);
  for (const part of parts) expect(text).toContain(part);
});

// Test machines need not have these shells; where one is installed, it must accept the script.
it.skipIf(!isHere('zsh'))('zsh accepts its script', () => {
  const { text } = output('completion', 'zsh');
  expect(spawnSync('zsh', ['-n'], { input: text }).status).toBe(0);
});
it.skipIf(!isHere('fish'))('fish accepts its script, and completes with it', () => {
  const { text } = output('completion', 'fish');
  writeFileSync(join(folder, 'maelstrom.fish'), text);
  const completed = (line: string): string =>
    spawnSync('fish', ['-c', `source maelstrom.fish; complete -C '${line}'`], {
      cwd: folder,
      env: { ...process.env, HOME: folder },
      encoding: 'utf8',
    }).stdout;
  expect(completed('maelstrom help hu')).toContain('hunt');
  expect(completed('maelstrom hu')).toContain('hunt\t');
  expect(completed('maelstrom test --nemesis-t')).toContain('--nemesis-targets\t');
  expect(completed('maelstrom test --nemesis kill,pa')).toBe('kill,partition\nkill,pause\n');
  // The text of the option is not repeated beside each value.
  expect(completed('maelstrom test --latency-dist u')).toBe('uniform\n');
  writeFileSync(join(folder, 'my echo.ts'), '');
  expect(completed('maelstrom test --nemesis kill,./my')).toContain('kill,./my echo.ts');
  expect(completed('maelstrom test -w ./my')).toContain('./my echo.ts');
});

it.each([
  [['completion'], 'No shell was named.'],
  [['completion', 'bsh'], 'there is no shell "bsh". Did you mean bash?'],
])('%j: %s', (words, message) => {
  const { code, text } = output(...words);
  expect(text).toContain(message);
  expect(code).toBe(254);
});
