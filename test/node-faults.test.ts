/** Faults on nodes, in both worlds: what a program observes when it is killed or paused, and what it finds on its disk. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runTest } from '../src/harness/one-test/run-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Counts its lives on its disk, and prints the current one to stderr. */
const PROGRAM = `
import { Node } from 'maelstrom/node';
const node = new Node();
const life = (node.storage.read('lives') ?? 0) + 1;
node.storage.write('lives', life);
node.onInit(() => {
  node.storage.append('log', { life });
  node.log('life ' + life + ' of ' + node.id + ', log ' + node.storage.readLog('log').map((entry) => entry.life).join());
});
node.on('echo', (body) => ({ echo: body.echo }));
`;
const bin = join(folder, 'lives.mjs');
writeFileSync(bin, PROGRAM);

interface Line {
  readonly process: number | string;
  readonly type: string;
  readonly f: string;
  readonly value: unknown;
}

/** Removes the time of the run at the start of a log line. */
function withoutTime(line: string): string {
  expect(line).toMatch(/^(?:-?\d+\.\d{3}|start\+\d+\.\d{3}) /);
  return line.slice(line.indexOf(' ') + 1);
}

/** Long enough for a real process to start on a busy machine before the next fault. */
const LIFE_SECONDS = 4;

describe.each(['simulated', 'real'] as const)('in the %s world', (world) => {
  it('a node is killed, started and paused, and keeps its files', { timeout: 60_000 }, async () => {
    const { results, folder: run } = await runTest({
      workload: 'echo',
      bin,
      world,
      nodes: ['n1', 'n2'],
      rate: 20,
      timeLimitSeconds: 2 * LIFE_SECONDS,
      faultScript: [
        { at: 0.2, fault: 'kill', target: ['n1'], for: 0.2 },
        { at: LIFE_SECONDS - 0.1, fault: 'pause', target: ['n2'], for: 0.3 },
        { at: LIFE_SECONDS, fault: 'kill', target: ['n1'], for: 0.4 },
      ],
      store: join(folder, world),
      report: false,
    });
    expect(results['nodes']).toEqual({ 'valid?': true, problems: [] });
    expect(
      readFileSync(join(run, 'node-logs', 'n1.log'), 'utf8')
        .trimEnd()
        .split('\n')
        .map(withoutTime),
    ).toEqual(['life 1 of n1, log 1', 'life 2 of n1, log 1,2', 'life 3 of n1, log 1,2,3']);
    expect(withoutTime(readFileSync(join(run, 'node-logs', 'n2.log'), 'utf8'))).toBe('life 1 of n2, log 1\n');
    const lines = readFileSync(join(run, 'history.jsonl'), 'utf8').trimEnd().split('\n');
    const nemesis = lines
      .map((line) => JSON.parse(line) as Line)
      .filter(({ process }) => process === 'nemesis');
    expect(nemesis.filter((_, at) => at % 2 === 1).map(({ f, value }) => [f, value])).toEqual([
      ['kill', { n1: 'killed' }],
      ['start', { n1: 'starting' }],
      ['pause', { n2: 'paused' }],
      ['kill', { n1: 'killed' }],
      ['resume', { n2: 'resumed' }],
      ['start', { n1: 'starting' }],
    ]);
  });
});
