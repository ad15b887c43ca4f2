/** A hunt through a real Redis, with workers that are killed and a Redis that is: nothing is lost, and nothing counts twice. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-campaign-'));
const children: ChildProcess[] = [];
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('There is no redis-server here: hunts through a queue are not tried.');

const RUNS = 300;
const WRONG = join(folder, 'wrong.ts');
writeFileSync(
  WRONG,
  `import { Node } from 'maelstrom/node';
   const node = new Node();
   let n = 0;
   node.on('echo', (body) => { n++; return { echo: n === 12 ? 'wrong' : body.echo }; });`,
);
let port = 0;
let url = '';

beforeAll(async () => {
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
  port = await freePort();
  url = `redis://127.0.0.1:${port}`;
}, 120_000);
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(command: string, words: readonly string[]) {
  const child = spawn(command, words, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, output })),
  );
  return { child, ended, output: () => output };
}

const maelstrom = (...words: readonly string[]) =>
  start(process.execPath, [join(project, 'dist/maelstrom.js'), ...words]);

async function startRedis() {
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const redis = start('redis-server', [...words, '--appendonly', 'yes', '--save', '']);
  await expect.poll(redis.output, { timeout: 10_000 }).toContain('Ready to accept connections');
  return redis.child;
}

async function startWorker() {
  const worker = maelstrom('worker', url, '--workers', '1');
  await expect.poll(worker.output, { timeout: 20_000 }).toContain('Waiting for runs');
  return worker.child;
}

const hunt = (store: string, ...words: readonly string[]) =>
  maelstrom(
    ...['hunt', '-w', 'echo', '--bin', WRONG, '--seed', 's', '--collect', '--no-shrink', '--time', '1h'],
    ...['--runs', String(RUNS), '--store', join(folder, store), ...words],
  );

/** All runs in their order, and what came of them. */
function runsOf(store: string): readonly unknown[] {
  const file = join(folder, store, 'hunts', 'latest', 'hunt.jsonl');
  const [, ...runs] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return runs.map((line) => {
    const { run, seed, outcome } = JSON.parse(line) as Record<string, unknown>;
    return { run, seed, outcome };
  });
}

const kill = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.on('exit', () => resolve());
    child.kill('SIGKILL');
  });

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo; // of a server that listens
      server.close(() => resolve(free));
    });
  });

const hasBegun = (one: ReturnType<typeof start>) =>
  expect.poll(one.output, { timeout: 20_000 }).toContain('Hunting in echo');

describe.skipIf(!hasRedis)('a hunt through a queue', { timeout: 90_000 }, () => {
  let expected: readonly unknown[] = [];

  it('is the hunt of this machine alone, though a worker is killed on the way', async () => {
    expect((await hunt('alone').ended).code).toBe(1);
    expected = runsOf('alone');
    expect(expected).toHaveLength(RUNS);
    await startRedis();
    const first = maelstrom('worker', url, '--workers', '1');
    await startWorker();
    const hunting = hunt('worker-killed', '--queue', url);
    await hasBegun(first);
    await kill(first.child);
    expect((await hunting.ended).code).toBe(1);
    expect(runsOf('worker-killed')).toEqual(expected);
  });

  it('goes on when its Redis was killed and is started again', async () => {
    const redis = await startRedis();
    const worker = maelstrom('worker', url, '--workers', '1');
    const hunting = hunt('redis-killed', '--queue', url);
    await hasBegun(worker);
    await kill(redis);
    await startRedis();
    expect((await hunting.ended).code).toBe(1);
    expect(runsOf('redis-killed')).toEqual(expected);
  });
});

it('says where no Redis answers, and never its password', async () => {
  const { code, output } = await maelstrom('worker', `redis://me:secret@127.0.0.1:${port}`).ended;
  expect(code).toBe(254);
  expect(output).toContain(`The Redis at redis://127.0.0.1:${port} cannot be used`);
  expect(output).not.toContain('secret');
});

it('says how an address is written', async () => {
  const { code, output } = await maelstrom('worker', 'http://me:secret@here').ended;
  expect(code).toBe(254);
  expect(output).toContain('http://...@here is not that of a Redis');
  expect(output).not.toContain('secret');
});
