import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Hono } from 'hono';
import type { RunTestOptions } from '../../harness/settings/check-settings.ts';
import { runTest } from '../../harness/one-test/run-test.ts';
import type { Branch, Position, SavedBranch, TravelState } from '../../recording/travel-view.ts';
import { openScenario } from '../../harness/stored/stored-scenario.ts';
import { openRun } from '../../store/open-run.ts';
import { Travels } from '../../travel/travels.ts';
import { makeApp } from '../http/app.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-travel-routes-'));
const travels = new Travels();
const app = makeApp({ store, host: '127.0.0.1', travels });
afterAll(() => {
  travels.closeAll();
  rmSync(store, { recursive: true, force: true });
});

const OURS = { host: 'localhost:8080', origin: 'http://localhost:8080', 'x-maelstrom': '1' };

interface Answer {
  readonly status: number;
  readonly json: unknown;
  readonly error: string;
}

async function post(
  run: string,
  what: string,
  body: unknown = {},
  {
    headers = OURS,
    server = app,
  }: { readonly headers?: Record<string, string>; readonly server?: Hono } = {},
): Promise<Answer> {
  const answer = await server.request(`http://localhost:8080/api/runs/${run}/travel/${what}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const json = (await answer.json()) as { readonly error?: string };
  return { status: answer.status, json, error: json.error ?? '' };
}

async function stored(settings: RunTestOptions): Promise<string> {
  const { folder } = await runTest({ ...settings, store, report: false });
  return `${settings.workload as string}/${basename(folder)}`;
}

const example = (path: string): string =>
  fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));

const TRUSTING: RunTestOptions = {
  workload: 'broadcast',
  bin: example('broken/trusts-delivery.ts'),
  world: 'simulated',
  seed: 'trusting',
  nodes: ['n1', 'n2'],
  rate: 10,
  timeLimitSeconds: 1,
  recoverySeconds: 1,
  latency: { distribution: 'constant', meanMs: 10 },
};

async function opened(run: string): Promise<Extract<TravelState, { readonly kind: 'ready' }>> {
  for (;;) {
    const { status, json, error } = await post(run, 'open');
    if (status !== 200) throw new Error(error);
    const state = json as TravelState;
    if (state.kind === 'ready') return state;
  }
}

describe('stepping through a run over HTTP', { timeout: 120_000 }, () => {
  let run = '';
  beforeAll(async () => {
    run = await stored(TRUSTING);
  }, 120_000);

  it('is opened, sought, listed, branched, and saved as a run of the store with its scenario', async () => {
    const said = vi.spyOn(console, 'log').mockReturnValue();
    const { line, differs, program } = await opened(run);
    expect(differs).toBeUndefined();
    expect(program).toBe(TRUSTING.bin);
    const { json: list } = await post(run, 'events', { from: 0, count: 500 });
    const rows = (list as { rows: Position[] }).rows;
    const tell = rows.find(({ happening }) => happening.kind === 'sent' && happening.type === 'tell');
    if (tell?.happening.kind !== 'sent') throw new Error('nodes tell each other');
    const { message } = tell.happening;
    const { json: position } = await post(run, 'seek', { to: { kind: 'event', event: tell.event } });
    expect(position).toMatchObject({ event: tell.event, events: line.events, line: 'recorded' });
    expect((position as Position).inFlight.first).toContainEqual(
      expect.objectContaining({ id: message, canChange: true }),
    );
    const { json } = await post(run, 'branch', { at: tell.event, change: { kind: 'drop', message } });
    const branch = json as Branch;
    expect(branch.line.verdict).toBe('invalid');
    const { json: kept, status } = await post(run, 'save', { line: branch.line.id });
    expect(status).toBe(200);
    const saved = kept as SavedBranch;
    expect(saved.folder.startsWith(store)).toBe(true);
    expect(said).toHaveBeenCalledWith(`A branch was saved: ${saved.folder}`);
    expect(saved.command).toBe(`maelstrom test --scenario ${saved.scenario}`);
    const { scenario } = await openScenario(saved.scenario, readFileSync(saved.scenario, 'utf8'), {});
    expect(scenario.messages).toMatchObject([{ do: 'drop', type: 'tell' }]);
    expect(scenario.expect?.signature).toEqual(['lost']);
    expect(openRun(saved.folder).results()).toMatchObject({ 'valid?': false });
    // The saved run is an ordinary run.
    expect((await opened(saved.run)).line).toMatchObject({
      events: branch.line.events,
      verdict: 'invalid',
    });
    said.mockRestore();
  });

  it('serves two viewers at once, each at its own position', async () => {
    const { line } = await opened(run);
    const places = Array.from({ length: 24 }, (_, at) => (at * 7919) % line.events);
    const answers = await Promise.all(
      places.map((event) => post(run, 'seek', { to: { kind: 'event', event } })),
    );
    expect(answers.map(({ json }) => (json as Position).event)).toEqual(places);
    const alone = await post(run, 'seek', { to: { kind: 'event', event: places[5] ?? 0 } });
    expect(answers[5]?.json).toEqual(alone.json);
  });

  it('runs nothing for a foreign page, for a plain request, or on a server that others can reach', async () => {
    const { 'x-maelstrom': _, ...plain } = OURS;
    expect((await post(run, 'open', {}, { headers: plain })).status).toBe(403);
    expect(
      (await post(run, 'open', {}, { headers: { ...OURS, origin: 'http://evil.example' } })).status,
    ).toBe(403);
    expect((await post(run, 'open', {}, { headers: { ...OURS, host: 'evil.example' } })).status).toBe(403);
    const open = makeApp({ store, host: '0.0.0.0' });
    expect((await post(run, 'open', {}, { server: open })).status).toBe(403);
    const got = await app.request(`http://localhost:8080/api/runs/${run}/travel/open`, { headers: OURS });
    expect(got.status).toBe(404);
  });

  it('reports what is wrong with a request', async () => {
    await opened(run);
    expect(await post(run, 'seek', '{')).toMatchObject({ status: 400, error: 'The request is not JSON.' });
    expect(await post(run, 'seek', '[]')).toMatchObject({ status: 400 });
    expect(await post(run, 'seek', {})).toMatchObject({
      status: 400,
      error: expect.stringContaining('no `to`'),
    });
    expect(await post(run, 'seek', { to: { kind: 'event', event: '7' } })).toMatchObject({ status: 400 });
    expect(await post(run, 'seek', { line: 'branch-77', to: { kind: 'event', event: 0 } })).toMatchObject({
      status: 404,
    });
    expect(await post(run, 'seek', { line: { toString: 1 }, to: { kind: 'event', event: 0 } })).toMatchObject(
      {
        status: 404,
      },
    );
    expect(await post(run, 'save', { line: 'recorded' })).toMatchObject({ status: 404 });
    expect(await post(run, 'events', { from: 0 })).toMatchObject({ status: 400 });
    expect(await post(run, 'branch', { at: 0 })).toMatchObject({ status: 400 });
    expect(await post(run, 'branch', { at: 1e12, change: { kind: 'drop', message: 0 } })).toMatchObject({
      status: 400,
    });
    expect((await post(run, 'seek', { to: 'x'.repeat(20_000) })).status).toBe(413);
    expect((await post(run, 'elsewhere')).status).toBe(404);
  });

  it('must be opened first, and again after it was released', async () => {
    await opened(run);
    expect(await post(run, 'close')).toMatchObject({ status: 200 });
    expect(await post(run, 'seek', { to: { kind: 'event', event: 0 } })).toMatchObject({
      status: 410,
      error: expect.stringContaining('Open it again'),
    });
    expect((await opened(run)).line.events).toBeGreaterThan(0);
  });

  it('knows no run outside of the store, and no missing one', async () => {
    for (const name of ['broadcast/20200101T000000.000Z', 'broadcast/..', '%2e%2e/x', 'broadcast/%2fetc'])
      expect((await post(name, 'open')).status).toBe(404);
    const elsewhere = mkdtempSync(join(tmpdir(), 'maelstrom-elsewhere-'));
    writeFileSync(join(elsewhere, 'test.json'), readFileSync(join(store, run, 'test.json')));
    symlinkSync(elsewhere, join(store, 'broadcast', 'linked'));
    expect((await post('broadcast/linked', 'open')).status).toBe(404);
    rmSync(elsewhere, { recursive: true });
  });

  it('refuses a run of the real world, and one with an invalid description, in a sentence', async () => {
    const real = await stored({
      workload: 'echo',
      bin: example('echo.ts'),
      nodes: ['n1'],
      timeLimitSeconds: 0.2,
      recoverySeconds: 0,
    });
    expect(await post(real, 'open')).toMatchObject({
      status: 409,
      error: expect.stringContaining('was made in the real world'),
    });
    const test = JSON.parse(readFileSync(join(store, run, 'test.json'), 'utf8')) as {
      readonly spec: object;
    };
    const odd: readonly [string, object, string][] = [
      ['nodes', { nodes: 'n1' }, 'nodes'],
      ['rate', { rate: -1 }, 'rate'],
      ['bin', { bin: '/nowhere/node.ts' }, '/nowhere/node.ts'],
      ['workload', { workload: 'brew' }, 'brew'],
      [
        'course',
        {
          course: {
            ops: [{ label: 0, thread: 99, atNanos: 0, f: 'read', value: null }],
            finalOps: [],
            chance: 'calm',
            messages: [],
          },
        },
        'thread',
      ],
    ];
    for (const [name, change, named] of odd) {
      const folder = join(store, 'broadcast', `odd-${name}`);
      mkdirSync(folder);
      writeFileSync(
        join(folder, 'test.json'),
        JSON.stringify({ ...test, spec: { ...test.spec, ...change } }),
      );
      expect(await post(`broadcast/odd-${name}`, 'open')).toMatchObject({
        status: 409,
        error: expect.stringContaining(named),
      });
    }
  });

  it('opens a run without journal and history, and says that it cannot be compared', async () => {
    const folder = join(store, 'broadcast', 'bare');
    mkdirSync(folder);
    writeFileSync(join(folder, 'test.json'), readFileSync(join(store, run, 'test.json')));
    const { remarks, line } = await opened('broadcast/bare');
    expect(remarks).toEqual([expect.stringContaining('Whether this is the recorded run is not known')]);
    expect(line.events).toBeGreaterThan(0);
  });
});
