/** The command: the same bytes wherever and however it is called, and its report when a program makes them differ. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-determinism-'));
const SHORT = '--simulate --node-count 3 --rate 80 --time-limit 0.5 --recovery-time 0 --seed 1 --no-report';

beforeAll(() => {
  // Builds if needed, so that no test waits for it.
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Call {
  readonly words: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

function maelstrom({ words, cwd, env = {} }: Call): {
  readonly status: number | null;
  readonly output: string;
} {
  const { status, stdout } = spawnSync(
    join(project, 'maelstrom'),
    ['test', ...words.split(' '), ...SHORT.split(' ')],
    { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', ...env } },
  );
  return { status, output: stdout };
}

it('gives the same bytes in another folder, time zone and locale, and says so', () => {
  const words = '-w unique-ids --bin probe.ts --store runs';
  const [here, there] = [join(folder, 'here'), join(folder, 'there', 'deeper')];
  for (const home of [here, there]) {
    mkdirSync(home, { recursive: true });
    for (const file of ['probe.ts', 'probe-part.cjs'])
      cpSync(join(project, 'test/determinism', file), join(home, file));
  }
  const first = maelstrom({
    words: `${words} --check-determinism`,
    cwd: here,
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
  const second = maelstrom({
    words: words.replace('probe.ts', 'deeper/probe.ts'),
    cwd: join(there, '..'),
    env: {
      LC_ALL: 'de_DE.UTF-8',
      LANG: 'de_DE.UTF-8',
      TZ: 'Asia/Kolkata',
      NODE_DEBUG: 'x',
      NODE_OPTIONS: '--stack-trace-limit=1 --unhandled-rejections=strict --max-old-space-size=3000',
    },
  });
  expect([first.status, second.status]).toEqual([0, 0]);
  const digestIn = (home: string): string => {
    const file: unknown = JSON.parse(readFileSync(join(home, 'runs/latest/test.json'), 'utf8'));
    return String(Object(file).digest);
  };
  const digest = digestIn(here);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(digestIn(join(there, '..'))).toBe(digest);
  expect(first.output).toContain(
    `Deterministic: both runs have the same history, messages and results. Digest: ${digest.slice(0, 16)}\n`,
  );
  expect(second.output).toContain(`Seed: 1   Node: ${process.version}\n`);
});

it('shows the first different event, and exits with 1, for a program that depends on its stack depth', () => {
  writeFileSync(
    join(folder, 'deep.ts'),
    `import { Node } from 'maelstrom/node';
     const node = new Node();
     const deep = (n: number): number => { try { return deep(n + 1); } catch { return n; } };
     node.on('generate', () => ({ id: [node.id, Math.random(), deep(0)] }));`,
  );
  const { status, output } = maelstrom({
    words: '-w unique-ids --bin deep.ts --store runs --check-determinism',
    cwd: folder,
  });
  expect(output).toContain('Not deterministic: two runs with the same seed differ.');
  expect(output).toMatch(/The first difference is in event \d+ of the journal, at [\d.]+ s:/);
  expect(output).toMatch(/\* {2}body +\.\.\..*"generate_ok".* {2}\.\.\..*"generate_ok"/);
  expect(output).toContain(
    'It also differs with nothing but a smaller stack. So the program depends on how deep it can recurse',
  );
  expect(output).toMatch(/First run: runs\/unique-ids\/\S+ {3}Second run: runs\/unique-ids\/\S+/);
  expect(status).toBe(1);
});
