/**
 * A hunt through a real Redis: the workers, the hunt and Redis itself are killed, but no run is lost or counted twice. It finds
 * what the same hunt finds on this machine alone.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { commandHere } from './support/command-here.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'maelstrom-campaign-'));
const children = new Set<ChildProcess>();
const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('There is no redis-server here: hunts through a queue are not tried.');

/** Three batches: one that is done, one in hand, and one that waits. */
const RUNS = 24;
const WRONG = join(folder, 'wrong.ts');
/** Takes some time for each request, so that a hunt is still in progress when a test has seen it begin. */
writeFileSync(
  WRONG,
  `import { Node } from 'maelstrom/node';
   const node = new Node();
   let n = 0;
   let busy = 0;
   node.on('echo', (body) => {
     n++;
     for (let i = 0; i < 400_000; i++) busy ^= i;
     return { echo: n === 20 ? 'wrong' : body.echo };
   });`,
);
const patient = { timeout: 60_000, interval: 20 };
let port = 0;
let url = '';

beforeAll(async () => {
  spawnSync('sh', [join(project, 'scripts/prepare.sh')], { stdio: 'ignore' });
  port = await freePort();
  url = `redis://127.0.0.1:${port}`;
}, 180_000);
afterAll(async () => {
  for (const child of children) await kill(child);
  rmSync(folder, { recursive: true, force: true });
});

function start(command: string, words: readonly string[]) {
  const child = spawn(command, words, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve) =>
    child.on('close', (code) => {
      children.delete(child);
      resolve({ code, output });
    }),
  );
  return { child, ended, output: () => output };
}

const maelstrom = (...words: readonly string[]) =>
  start(process.execPath, [join(project, 'dist/maelstrom.js'), ...words]);

async function startRedis(): Promise<ChildProcess> {
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const server = start('redis-server', [...words, '--appendonly', 'yes', '--save', '']);
  // Not `expect.poll`, which cannot be used outside a test.
  await vi.waitFor(() => expect(server.output()).toContain('Ready to accept connections'), patient);
  return server.child;
}

async function startWorker() {
  const worker = maelstrom('worker', url, '--workers', '1');
  await expect.poll(worker.output, patient).toContain('Waiting for runs');
  return worker;
}

const HOW_LONG = ['--collect', '--no-shrink', '--time', '1h', '--runs', String(RUNS)];
const SMALL = ['--node-count', '2', '--time-limit', '3'];

const hunt = (store: string, ...words: readonly string[]) => {
  const what = ['hunt', '-w', 'echo', '--bin', WRONG, '--seed', 's', '--store', join(folder, store)];
  return maelstrom(...what, ...SMALL, ...HOW_LONG, ...words);
};

const resume = (store: string) => {
  const what = ['hunt', '--resume', join(folder, store, 'hunts', 'latest'), '--store', join(folder, store)];
  return maelstrom(...what, ...HOW_LONG, '--queue', url);
};

const latest = (store: string, file: string): string => join(folder, store, 'hunts', 'latest', file);

/** Returns all runs in order with their outcomes, and the failures by kind with the test of each. */
function foundBy(store: string): object {
  const [, ...lines] = readFileSync(latest(store, 'hunt.jsonl'), 'utf8').trimEnd().split('\n');
  const { failures, tally } = JSON.parse(readFileSync(latest(store, 'summary.json'), 'utf8')) as {
    readonly failures: readonly { readonly smallest: object }[];
    readonly tally: object;
  };
  return {
    runs: lines.map((line) => JSON.parse(line) as unknown),
    tally,
    failures: failures.map(({ smallest, ...group }) => ({ ...group, smallest: { ...smallest, kept: '' } })),
  };
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
      const { port: free } = server.address() as AddressInfo; // it is listening
      server.close(() => resolve(free));
    });
  });

describe.skipIf(!hasRedis)('a hunt through a queue', { timeout: 180_000 }, () => {
  let server: ChildProcess;
  let redis: Redis;
  let expected: object = {};

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(port, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    redis.on('error', () => {});
    expect((await hunt('alone').ended).code).toBe(1);
    expected = foundBy('alone');
    expect(expected).toMatchObject({ tally: { runs: RUNS } });
  }, 180_000);
  afterAll(() => redis.disconnect());
  afterEach(async () => {
    // Whatever a test leaves behind, the next one starts with an empty Redis and without workers.
    for (const child of children) if (child !== server) await kill(child);
    await redis.flushall();
  });

  const campaignId = async (): Promise<string> => {
    await expect.poll(() => redis.hlen('maelstrom:campaigns'), patient).toBe(1);
    return (await redis.hkeys('maelstrom:campaigns'))[0] ?? '';
  };
  const inHand = (id: string) => () => redis.llen(`maelstrom:runs-${id}:active`);
  const done = (id: string) => () => redis.zcard(`maelstrom:runs-${id}:completed`);

  it('equals the hunt of this machine alone, even if a worker is killed with runs in hand, and then its Redis', async () => {
    const first = await startWorker();
    const hunting = hunt('killed', '--queue', url);
    const id = await campaignId();
    const begun = async () => (await inHand(id)()) + (await done(id)());
    await expect.poll(begun, patient).toBeGreaterThan(0);
    await kill(first.child);
    const second = await startWorker();
    await expect.poll(second.output, patient).toContain('Working for');
    await kill(server);
    await expect.poll(second.output, patient).toContain('does not answer');
    server = await startRedis();
    expect((await hunting.ended).code).toBe(1);
    expect(foundBy('killed')).toEqual(expected);
    expect(second.output()).toContain('answers again');
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({
      code: 0,
      output: expect.stringMatching(/Ended after \d+ runs/),
    });
    // Nothing of the hunt remains but the time of the worker's last check for stalled batches, which expires by itself.
    await expect.poll(() => redis.keys('*'), patient).toEqual(['maelstrom:workers']);
  });

  it('can be resumed after it was killed, not before, and no run is done twice', async () => {
    const hunting = hunt('hunt-killed', '--queue', url);
    const id = await campaignId();
    const tooEarly = await resume('hunt-killed').ended;
    expect(tooEarly.code).toBe(254);
    expect(tooEarly.output).toContain(`is already running: process ${hunting.child.pid} of`);
    const worker = await startWorker();
    await expect.poll(done(id), patient).toBeGreaterThan(0);
    await kill(hunting.child);
    const resumed = resume('hunt-killed');
    expect((await resumed.ended).code).toBe(1);
    expect(foundBy('hunt-killed')).toEqual(expected);
    worker.child.kill('SIGINT');
    expect((await worker.ended).output).toContain(`Ended after ${RUNS} runs.`);
  });

  it('is paused and resumed from elsewhere, and refuses a result that is not from a worker', async () => {
    await redis.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru');
    const hunting = hunt('paused', '--queue', url);
    const id = await campaignId();
    expect((await commandHere(['campaign', 'pause', url])).output).toContain(
      `Campaign ${id} (${WRONG}) is paused`,
    );
    await expect.poll(hunting.output, patient).toContain('Paused');
    const worker = await startWorker();
    await expect.poll(() => redis.hlen('maelstrom:workers'), patient).toBe(1);
    expect((await commandHere(['campaign', 'status', url])).output).toMatch(
      /: paused\n {2}0 runs .*\n.*\n\nworker .*, 0 runs, .*, waits\n$/,
    );
    await expect.poll(() => existsSync(latest('paused', 'campaign.json'))).toBe(true);
    expect(JSON.parse(readFileSync(latest('paused', 'campaign.json'), 'utf8'))).toMatchObject({ version: 1 });
    // A worker that waits is there.
    await expect.poll(hunting.output, patient).toContain('paused, 1 worker, ');
    // A worker that takes a batch and returns nonsense, before the others may start.
    const options = { connection: { host: '127.0.0.1', port }, prefix: 'maelstrom' };
    const evil = new Worker(`runs-${id}`, () => Promise.resolve({ version: 1, runs: ['<script>'] }), {
      ...options,
      autorun: false,
    });
    const queue = new Queue(`runs-${id}`, options);
    evil.once('completed', () => void evil.close());
    const answered = new Promise<void>((resolve) => evil.once('closed', () => resolve()));
    void evil.run();
    expect((await commandHere(['campaign', 'resume', url, id.slice(0, 6)])).output).toContain('is resumed');
    await answered;
    await queue.close();
    expect((await hunting.ended).output).toContain('is not a valid result of a worker');
    expect(foundBy('paused')).toEqual(expected);
    await redis.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
    // Exactly one warning each, and no other.
    for (const output of [hunting.output(), worker.output()])
      expect(output.match(/.*(?:drops keys|[Ee]viction).*/g)).toEqual([
        expect.stringContaining('Warning: The Redis at'),
      ]);
  });

  it("sends the user's files as they were at its beginning, and finds the same", async () => {
    const own = join(folder, 'own');
    cpSync(join(project, 'examples/own'), own, { recursive: true });
    const lock = join(own, 'lock.ts');
    writeFileSync(
      join(own, 'few.mjs'),
      "export const sometimes = { 'two nodes': (states) => states.size > 1 };",
    );
    const locks = (store: string, ...words: readonly string[]) =>
      maelstrom(
        ...['hunt', '-w', lock, '--bin', join(own, 'broken/lock-node.ts'), '--seed', 's'].concat(
          ['--nemesis', join(own, 'rolling-restart.ts'), '--invariant', join(own, 'few.mjs')],
          ['--store', join(folder, store), ...SMALL, ...HOW_LONG, '--runs', '16'],
        ),
        ...words,
      );
    const alone = await locks('locks-alone').ended;
    const hunting = locks('locks', '--queue', url);
    const id = await campaignId();
    expect(await redis.hlen(`maelstrom:files:${id}`)).toBe(3);
    const source = readFileSync(lock);
    writeFileSync(lock, 'this is no workload');
    const worker = await startWorker();
    await expect.poll(worker.output, patient).toContain('Working for');
    writeFileSync(lock, source);
    expect((await hunting.ended).code).toBe(alone.code);
    expect(foundBy('locks')).toEqual(foundBy('locks-alone'));
    expect(foundBy('locks')).toMatchObject({ tally: { runs: 16 } });
  });

  it.each([
    ['a missing database', '/99', /DB index is out of range\.\n.* from 0 to 15/],
    ['a user without permissions', '', /NOPERM .*\n.*ACL SETUSER NAME/],
  ])('explains what is wrong with %s', async (_, database, words) => {
    await redis.acl('SETUSER', 'else', 'on', '>pw', '~else:*', '+@all');
    const user = database === '' ? 'else:pw@' : '';
    const { code, output } = await commandHere([
      'campaign',
      'status',
      `redis://${user}127.0.0.1:${port}${database}`,
    ]);
    expect(code).toBe(254);
    expect(output).toMatch(words);
  });

  it('works without a Redis that cannot be written to', async () => {
    await redis.replicaof('127.0.0.1', 1);
    const { code, output } = await commandHere(['worker', url]);
    await redis.replicaof('NO', 'ONE');
    expect(code).toBe(254);
    expect(output).toContain('it is a read-only replica of');
  });

  it('requires its password', async () => {
    await redis.config('SET', 'requirepass', 'right');
    const { code, output } = await commandHere(['worker', `redis://:wrong@127.0.0.1:${port}`]);
    await redis.config('SET', 'requirepass', '');
    expect(code).toBe(254);
    expect(output).toContain('It needs a password, or a different one');
    expect(output).not.toContain(':wrong@');
  });

  it('takes its password from its address, or from the environment', async () => {
    await redis.config('SET', 'requirepass', 'right');
    const worker = maelstrom('worker', `redis://:right@127.0.0.1:${port}`, '--workers', '1');
    await expect.poll(worker.output, patient).toContain('Waiting for runs');
    if (process.platform === 'linux')
      expect(readFileSync(`/proc/${worker.child.pid}/cmdline`, 'utf8')).toContain(`redis://...@127.0.0.1`);
    vi.stubEnv('MAELSTROM_QUEUE_PASSWORD', 'right');
    const status = await maelstrom('campaign', 'status', url).ended;
    vi.unstubAllEnvs();
    await redis.config('SET', 'requirepass', '');
    expect(status).toMatchObject({ code: 0, output: expect.stringContaining('0 campaigns, 1 worker') });
  });
});

it('names a server that is not a Redis', async () => {
  const web = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const closing = createServer((socket) => void socket.destroy());
  const portOf = async (server: typeof web): Promise<number> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port; // it is listening on a port
  };
  const [webPort, closingPort] = [await portOf(web), await portOf(closing)];
  const said = async (address: string): Promise<string> => (await commandHere(['worker', address])).output;
  expect(await said(`redis://127.0.0.1:${webPort}`)).toContain('the server there is not Redis.');
  expect(await said(`rediss://127.0.0.1:${webPort}`)).toContain('the server there does not speak TLS.');
  expect(await said(`redis://127.0.0.1:${closingPort}`)).toContain('Does it require TLS?');
  web.close();
  closing.close();
});

it('reports where no Redis answers, and never its password', async () => {
  const { code, output } = await commandHere(['worker', `redis://me:secret@127.0.0.1:${await freePort()}`]);
  expect(code).toBe(254);
  expect(output).toMatch(
    /^maelstrom: The Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: .*ECONNREFUSED/,
  );
  expect(output).not.toContain('secret');
});

it('reports that no Redis answers at a host with several addresses, as localhost often is', async () => {
  const { code, output } = await commandHere(['worker', `redis://localhost:${await freePort()}`]);
  expect(code).toBe(254);
  expect(output).toMatch(/cannot be used: .*ECONNREFUSED/);
  expect(output).toContain('Start one, such as redis-server');
});

it('explains the form of an address', async () => {
  const { code, output } = await commandHere(['worker', 'http://me:secret@here']);
  expect(code).toBe(254);
  expect(output).toContain('http://...@here is not the address of a Redis');
  expect(output).not.toContain('secret');
});
