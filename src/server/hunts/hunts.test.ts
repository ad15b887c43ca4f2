import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import { FailureGroups } from '../../hunt/failure-groups.ts';
import { HuntFolder, newHead } from '../../hunt/hunt-folder.ts';
import { summaryOf, withKept, type HuntSummary } from '../../hunt/hunt-summary.ts';
import { NOTHING_TRIED } from '../../hunt/tally.ts';
import type { HuntCard, HuntView } from '../../recording/hunt-view.ts';
import { makeApp } from '../http/app.ts';

const root = mkdtempSync(join(tmpdir(), 'served-hunts-'));
afterAll(() => rmSync(root, { recursive: true }));
let stores = 0;

const spec = completeSpec({
  workload: 'broadcast',
  bin: '/x.ts',
  world: 'simulated',
  nemesis: ['loss', 'pause'],
});
const plan = { base: spec, asked: [], kept: [], leastNodes: 1, readySeconds: 0, hasPrimary: false };

function summary(end: HuntSummary['end']): HuntSummary {
  const groups = new FailureGroups();
  groups.add({
    number: 7,
    spec: { ...spec, seed: 's-7' },
    signature: ['lost'],
    sentence: 'An element was lost.',
    problem: '',
    operations: 3,
    messages: 8,
    nanos: 1,
  });
  const tally = {
    ...NOTHING_TRIED,
    runs: 7,
    failures: 1,
    faults: { loss: { began: 2, underWay: 1, succeeded: 1 } },
  };
  return summaryOf(
    { tally, groups, compared: 0, doubts: [] },
    {
      plan,
      program: 'x.ts',
      seed: 's',
      startedAt: '2026-11-21T02:34:56.789Z',
      end,
      seconds: 1.5,
      cpuSeconds: 2,
      workers: 2,
      commandOf: ({ seed }) => `maelstrom test --seed ${seed}`,
    },
  );
}

function open(write: (folder: HuntFolder) => void) {
  const store = join(root, String(stores++));
  const head = newHead({
    seed: 's',
    startedAt: '2026-11-21T02:34:56.789Z',
    plan,
    given: { bin: 'x.ts' },
    programDigest: '',
    versions: { maelstrom: '', node: '' },
  });
  const folder = HuntFolder.create(store, head);
  write(folder);
  const app = makeApp({ store, host: '127.0.0.1' });
  const get = async (path: string): Promise<Response> =>
    app.request(`http://localhost${path}`, { headers: { host: 'localhost' } });
  return {
    store,
    folder,
    get,
    json: async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T, // tests know the shape
  };
}

const NAME = '20261121T023456.789Z-broadcast';

it('lists hunts and shows one with its failures, their commands, and the faults that never occurred', async () => {
  const { json } = open((folder) => {
    folder.writeSummary(
      withKept(
        summary('found'),
        { number: 7 },
        {
          kept: 'broadcast/20261121T023500.000Z',
          shrunk: 'broadcast/20261121T023600.000Z',
        },
      ),
    );
    folder.close();
  });
  expect(await json<HuntCard[]>('/api/hunts')).toMatchObject([
    { name: NAME, state: 'found', workload: 'broadcast', runs: 7, failures: 1, kinds: ['lost'] },
  ]);
  const view = await json<HuntView>(`/api/hunts/${NAME}`);
  expect(view.world).toBe('simulated');
  expect(view.groups).toMatchObject([
    {
      signature: ['lost'],
      run: 7,
      nodes: 5,
      faults: ['loss', 'pause'],
      command: 'maelstrom test --seed s-7',
      kept: 'broadcast/20261121T023500.000Z',
      shrunk: 'broadcast/20261121T023600.000Z',
    },
  ]);
  expect(view.faults).toEqual([
    { name: 'loss', began: 2, underWay: 1, succeeded: 1 },
    { name: 'pause', began: 0, underWay: 0, succeeded: 0 },
  ]);
});

it('shows a hunt in progress, and one whose process is gone', async () => {
  const { json, folder } = open((one) => one.writeSummary(summary('running')));
  expect((await json<HuntView>(`/api/hunts/${NAME}`)).state).toBe('running');
  folder.close();
  expect((await json<HuntView>(`/api/hunts/${NAME}`)).state).toBe('unfinished');
});

it('shows that clusters are real, even if the processor time is known', async () => {
  const { json } = open((folder) => {
    folder.writeSummary({ ...summary('found'), world: 'real', cpuSeconds: 3 });
    folder.close();
  });
  expect(await json<HuntView>(`/api/hunts/${NAME}`)).toMatchObject({ world: 'real' });
});

it.each([
  ['not JSON', 'nonsense'],
  ['a list', '[]'],
  ['null', 'null'],
  ['a later version', '{"version":2}'],
])('a summary that is %s is shown as unreadable', async (_, text) => {
  const { json } = open((folder) => {
    folder.close();
    writeFileSync(join(folder.path, 'summary.json'), text);
  });
  expect(await json<HuntCard[]>('/api/hunts')).toMatchObject([{ name: NAME, state: 'unreadable' }]);
});

it('fields of other types are empty, and everything is bounded', async () => {
  const hostile = {
    version: 1,
    workload: 7,
    program: 'x'.repeat(1e6),
    seconds: 'long',
    tally: { runs: -1, faults: [], failures: 1e308 * 10 },
    faults: ['__proto__', 'constructor', {}],
    doubts: 'none',
    failures: [null, 7, { signature: 'lost', smallest: { spec: null, command: ['rm'], kept: '../../etc' } }],
  };
  const { json } = open((folder) => {
    folder.close();
    writeFileSync(join(folder.path, 'summary.json'), JSON.stringify(hostile));
  });
  const view = await json<HuntView>(`/api/hunts/${NAME}`);
  expect(view).toMatchObject({ workload: '', seconds: 0, runs: 0, failures: 0, doubts: [] });
  expect(view.program).toMatch(/^x{4000}\.\.\. \(\d+ characters\)$/);
  expect(view.faults.map(({ began }) => began)).toEqual([0, 0, 0]);
  expect(view.groups.map(({ signature, command }) => [signature, command])).toEqual([
    [[], ''],
    [[], ''],
    [[], ''],
  ]);
  for (const group of view.groups) expect(group).not.toHaveProperty('kept');
});

it('leads nowhere else', async () => {
  const { get, store } = open((folder) => folder.close());
  mkdirSync(join(root, 'outside'), { recursive: true });
  writeFileSync(join(root, 'outside', 'summary.json'), JSON.stringify(summary('found')));
  symlinkSync(join(root, 'outside'), join(store, 'hunts', 'linked'));
  for (const name of ['linked', '..%2F..', 'nothing', '%2e%2e']) {
    expect((await get(`/api/hunts/${name}`)).status).toBe(404);
  }
  expect((await (await get('/api/hunts')).json()) as unknown[]).toHaveLength(1);
});

it('a summary that is a link out of the store is not read', async () => {
  const { json } = open((folder) => {
    folder.close();
    const secret = join(root, 'secret.json');
    writeFileSync(secret, JSON.stringify({ ...summary('found'), program: 'secret' }));
    symlinkSync(secret, join(folder.path, 'summary.json'));
  });
  expect(readFileSync(join(root, 'secret.json'), 'utf8')).toContain('secret');
  expect((await json<HuntView>(`/api/hunts/${NAME}`)).program).toBe('');
});

it('a hunt on many machines shows its workers, and is paused through a file that it reads', async () => {
  const { json, folder, store } = open((one) => {
    one.writeSummary(summary('running'));
    one.writeCampaign({
      state: 'running',
      id: '0123456789abcdef',
      queue: 'redis://here:6379',
      rate: 4,
      runsOut: 16,
      refused: 0,
      workers: [],
    });
  });
  expect(await json<HuntView>(`/api/hunts/${NAME}`)).toMatchObject({
    campaign: { state: 'running', rate: 4 },
  });
  const app = makeApp({ store, host: '127.0.0.1' });
  const ask = (body: string, origin = 'http://localhost') =>
    app.request(`http://localhost/api/hunts/${NAME}/pause`, {
      method: 'POST',
      headers: { host: 'localhost', origin, 'x-maelstrom': '1' },
      body,
    });
  expect((await ask('{"paused":true}')).status).toBe(200);
  expect(folder.takeWish()).toBe(true);
  expect(folder.takeWish()).toBeUndefined();
  for (const body of ['', '[]', 'null', '{"paused":"yes"}']) expect((await ask(body)).status).toBe(400);
  expect((await ask('{"paused":true}', 'http://elsewhere')).status).toBe(403);
  folder.close();
  expect((await json<HuntView>(`/api/hunts/${NAME}`)).campaign?.state).toBe('over');
  expect((await ask('{"paused":true}')).status).toBe(409);
  expect(folder.takeWish()).toBeUndefined();
});

it('fields of a campaign of other types are empty', async () => {
  const { json } = open((folder) => {
    folder.writeSummary(summary('found'));
    folder.close();
    const hostile = {
      version: 1,
      state: '__proto__',
      rate: -1,
      queue: 7,
      workers: [null, { state: 'x', host: [] }],
    };
    writeFileSync(join(folder.path, 'campaign.json'), JSON.stringify(hostile));
  });
  const { campaign } = await json<HuntView>(`/api/hunts/${NAME}`);
  expect(campaign).toMatchObject({ state: 'over', rate: 0, queue: '' });
  expect(campaign?.workers.map(({ state, host }) => [state, host])).toEqual([
    ['away', ''],
    ['away', ''],
  ]);
});

it('a text that is too long for a page says that it was cut, a command is whole, and every node and worker counts', async () => {
  const nodes = Array.from({ length: 300 }, (_, at) => `node-with-a-long-name-${at}`);
  const command = `maelstrom test --nodes ${nodes.join(',')}`;
  const { json } = open((folder) => {
    const whole = summary('found');
    folder.writeSummary(whole);
    const long = {
      ...whole,
      failures: whole.failures.map((failure) => ({
        ...failure,
        smallest: { ...failure.smallest, spec: { ...spec, nodes }, sentence: 'x'.repeat(5000), command },
      })),
    };
    writeFileSync(join(folder.path, 'summary.json'), JSON.stringify(long));
    const workers = Array.from({ length: 250 }, (_, pid) => ({ host: 'lab', pid }));
    writeFileSync(join(folder.path, 'campaign.json'), JSON.stringify({ version: 1, workers }));
    folder.close();
  });
  const { groups, campaign } = await json<HuntView>(`/api/hunts/${NAME}`);
  expect(groups).toMatchObject([{ nodes: 300, command }]);
  expect(groups[0]?.sentence).toBe(`${'x'.repeat(4000)}... (5000 characters)`);
  expect(campaign?.workers).toHaveLength(200);
  expect(campaign?.otherWorkers).toBe(50);
});
