/** Stepping through a run whose nodes never yield, or end the process that holds it: it is reported, and the server goes on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageFile } from '../../src/harness/package-folder.ts';
import { runTest } from '../../src/harness/one-test/run-test.ts';
import { TravelProcess } from '../../src/travel/process/travel-process.ts';
import { SHORTER_YIELD_LIMIT } from '../../src/harness/simulations/yield-limit.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-stepped-'));
// Without it, each node that never yields would take ten seconds.
beforeAll(() => (process.env[SHORTER_YIELD_LIMIT] = '500'));
afterAll(() => {
  delete process.env[SHORTER_YIELD_LIMIT];
  rmSync(folder, { recursive: true, force: true });
});

const program = (atThird: string, beside = ''): string => `
  let count = 0;
  let buffer = '';
  ${beside}
  process.stdin.on('data', (data) => {
    buffer += data;
    const lines = buffer.split('\\n');
    buffer = lines.pop();
    for (const line of lines) {
      const { src, dest, body } = JSON.parse(line);
      if (++count === 3) { ${atThird} }
      const reply = { ...body, type: body.type + '_ok', in_reply_to: body.msg_id };
      console.log(JSON.stringify({ src: dest, dest: src, body: reply }));
    }
  });`;

async function held(name: string, source: string): Promise<TravelProcess> {
  const bin = join(folder, `${name}.js`);
  writeFileSync(bin, source);
  const run = await runTest({
    workload: 'echo',
    bin,
    world: 'simulated',
    seed: 'stepped',
    nodes: ['n1', 'n2'],
    rate: 10,
    timeLimitSeconds: 1,
    recoverySeconds: 0,
    store: folder,
    report: false,
  });
  return new TravelProcess(packageFile('dist/travel-worker.js'), run.folder, () => {});
}

async function opened(host: TravelProcess): Promise<{ readonly events: number; readonly differs: boolean }> {
  for (;;) {
    const state = await host.ask('open', {});
    if (state.kind === 'ready') return { events: state.line.events, differs: state.differs !== undefined };
  }
}

it('a node that never yields is ended where it was ended in the recorded run', async () => {
  const host = await held('endless', program(`if (process.argv.length) for (;;);`));
  try {
    const { events, differs } = await opened(host);
    expect(differs).toBe(false);
    const end = await host.ask('seek', { to: { kind: 'event', event: events - 1 } });
    expect(end.nodes.map(({ condition }) => condition)).toContain('ended');
    const { rows } = await host.ask('events', { from: 0, count: 500, node: 'n1' });
    const at = rows.findIndex(({ happening }) => happening.kind === 'life' && happening.what === 'ended');
    expect(at).toBeGreaterThan(0);
  } finally {
    host.close();
  }
}, 180_000);

it("a state that is never returned is reported as the program's problem, and the process continues", async () => {
  const host = await held('unshown', program('', 'globalThis.maelstromInspect = () => { for (;;); };'));
  try {
    const { events } = await opened(host);
    await expect(host.ask('seek', { to: { kind: 'event', event: events >> 1 } })).rejects.toThrow(
      'was asked for its state and did not yield',
    );
    expect((await host.ask('events', { from: 0, count: 1 })).rows).toHaveLength(1);
  } finally {
    host.close();
  }
}, 180_000);

it('a process that has exited is reported, and its pending requests do not wait for it', async () => {
  // The process is kept busy, so that it cannot answer before it is gone.
  const host = await held('busy', program('', 'globalThis.maelstromInspect = () => { for (;;); };'));
  const { events } = await opened(host);
  const asked = [1, 2].map((more) =>
    host.ask('seek', { to: { kind: 'event', event: (events >> 1) + more } }),
  );
  host.close();
  const answers = await Promise.allSettled(asked);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(asked[0]).rejects.toThrow('open it again');
}, 180_000);
