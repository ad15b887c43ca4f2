/** Pictures against golden files: what changes there is to be looked at, then taken over with `vitest -u`. */
import { describe, expect, test } from 'vitest';
import { opsOf, SAMPLE_NODES, sampleFacts } from '../../test/support/sample-run.ts';
import { describeCycle } from '../checkers/elle/explain.ts';
import { checkListAppend } from '../checkers/elle/list-append.ts';
import { checkCasRegister } from '../checkers/linearizable/cas-register.ts';
import { isResultMap, type ResultValue } from '../checkers/checker.ts';
import { counterPicture } from './counter-picture.ts';
import { cyclePicture } from './cycle-picture.ts';
import { elementPicture } from './element-picture.ts';
import { wholeOperations } from './key-folders.ts';
import { latencyQuantiles } from './latency-quantiles.ts';
import { latencyRaw, type PlotData } from './latency-raw.ts';
import { linearPicture } from './linear-picture.ts';
import { OperationCollector } from './operation-columns.ts';
import { rate } from './rate.ts';
import { SetStories } from './set-stories.ts';
import { spaceTime } from './space-time.ts';
import { inlineSvg, svgFile } from './svg.ts';
import { timelinePage } from './timeline.ts';

const facts = sampleFacts();
const data: PlotData = {
  workload: 'lin-kv',
  columns: facts.operations.columns,
  bands: facts.bands,
  endNanos: facts.operations.endNanos,
};
const golden = (name: string): string => `golden/${name}`;

describe('a small run', () => {
  test.each([
    ['latency-raw.svg', latencyRaw],
    ['latency-quantiles.svg', latencyQuantiles],
    ['rate.svg', rate],
  ])('%s', async (name, draw) => {
    const svg = svgFile(draw(data));
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    await expect(svg).toMatchFileSnapshot(golden(name));
  });

  test('messages.svg', async () => {
    const picture = spaceTime({ messages: facts.messages, nodes: SAMPLE_NODES, bands: facts.bands });
    await expect(svgFile(picture)).toMatchFileSnapshot(golden('messages.svg'));
  });

  test('timeline.html', async () => {
    await expect(timelinePage(facts)).toMatchFileSnapshot(golden('timeline.html'));
  });
});

test('a cycle shows its transactions and why each came before the next', async () => {
  const result = checkListAppend(
    opsOf([
      [0, 'invoke', 0, 'txn', [['append', 1, 1]]],
      [1, 'ok', 0, 'txn', [['append', 1, 1]]],
      [2, 'invoke', 1, 'txn', [['r', 1, null]]],
      [3, 'ok', 1, 'txn', [['r', 1, []]]],
      [4, 'invoke', 2, 'txn', [['r', 1, null]]],
      [5, 'ok', 2, 'txn', [['r', 1, [1]]]],
    ]),
    {},
  );
  const anomalies = result['anomalies'] as Readonly<Record<string, readonly ResultValue[]>>;
  const [type = '', records = []] = Object.entries(anomalies)[0] ?? [];
  const cycle = describeCycle(records[0]);
  expect(cycle).toBeDefined();
  if (cycle !== undefined)
    await expect(svgFile(cyclePicture(type, cycle))).toMatchFileSnapshot(golden('cycle.svg'));
});

test('a key that is not linearizable shows the failing operation and what the value could have been', async () => {
  const ops = opsOf([
    [0, 'invoke', 0, 'write', [7, 1]],
    [0.1, 'ok', 0, 'write', [7, 1]],
    [0.2, 'invoke', 1, 'write', [7, 2]],
    [0.3, 'invoke', 2, 'cas', [7, [1, 3]]],
    [0.4, 'info', 2, 'cas', [7, [1, 3]]],
    [0.5, 'invoke', 0, 'read', [7, null]],
    [0.6, 'ok', 0, 'read', [7, 5]],
  ]);
  const result = checkCasRegister(ops, { 'independent?': true });
  const results = result['results'];
  const one = isResultMap(results) ? results['7'] : undefined;
  if (!isResultMap(one)) throw new Error('key 7 has no result');
  const picture = linearPicture({
    key: '7',
    result: one,
    operations: wholeOperations(ops),
    nodeOf: ({ process }) => `n${Number(process) + 1}`,
  });
  expect(picture).toBeDefined();
  if (picture !== undefined) await expect(svgFile(picture)).toMatchFileSnapshot(golden('linear.svg'));
});

test('an element of a set shows its add, its first read, and which reads had it and which had not', async () => {
  const ops = opsOf([
    [0.1, 'invoke', 0, 'add', 7],
    [0.15, 'invoke', 1, 'read', null],
    [0.2, 'ok', 0, 'add', 7],
    [0.3, 'ok', 1, 'read', []],
    [0.5, 'invoke', 2, 'read', null],
    [0.9, 'ok', 2, 'read', [7, 7]],
    [1, 'invoke', 1, 'read', null],
    [1.01, 'ok', 1, 'read', [7]],
    [1.5, 'invoke', 0, 'read', null],
    [1.6, 'ok', 0, 'read', [3]],
  ]);
  const stories = new SetStories([7]);
  for (const op of ops) stories.observe(op);
  const [story] = stories.stories();
  if (story === undefined) throw new Error('element 7 has no story');
  expect(story.knownNanos).toBe(0.2e9);
  // The first began before the add was acknowledged.
  expect(story.reads.map(({ fate }) => fate)).toEqual(['lacks-early', 'repeats', 'shows', 'lacks']);
  const picture = elementPicture({
    title: 'Element 7 was lost',
    story,
    bands: facts.bands,
    endNanos: 2e9,
    concurrency: 3,
    nodeOf: ({ process }) => `n${(Number(process) % 3) + 1}`,
  });
  await expect(svgFile(picture)).toMatchFileSnapshot(golden('element.svg'));
});

test('final reads of a counter are shown against the sums that are possible', async () => {
  const picture = counterPicture({
    title: '2 of 4 final reads are no possible sum',
    reads: [
      { who: 'n1, operation 4', value: 12, isWrong: false },
      { who: 'n2, operation 5', value: 3, isWrong: true },
      { who: 'n3, operation 6', value: 'many', isWrong: true },
      { who: 'n4, operation 7', value: 20, isWrong: false },
    ],
    acceptable: [
      [12, 12],
      [17, 20],
    ],
  });
  await expect(svgFile(picture)).toMatchFileSnapshot(golden('counter.svg'));
});

describe('whatever the run', () => {
  test('a run without a single operation has plots all the same', () => {
    const empty = new OperationCollector(10).finished();
    for (const draw of [latencyRaw, latencyQuantiles, rate]) {
      const svg = svgFile(draw({ workload: 'echo', columns: empty.columns, bands: [], endNanos: 0 }));
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test('a million operations become at most ten thousand marks, the slowest among them, and the picture says so', () => {
    const collector = new OperationCollector(0);
    const slowest = 500_123;
    for (let at = 0; at < 1_000_000; at++) {
      const time = at * 1000;
      const took = at === slowest ? 9e9 : 1e6 + (at % 977) * 20_000;
      collector.observe({ index: 2 * at, time, type: 'invoke', process: at, f: 'echo', value: null });
      collector.observe({
        index: 2 * at + 1,
        time: time + took,
        type: 'ok',
        process: at,
        f: 'echo',
        value: null,
      });
    }
    const { columns, endNanos } = collector.finished();
    const svg = svgFile(latencyRaw({ workload: 'echo', columns, bands: [], endNanos }));
    const marks = [...svg.matchAll(/M[\d.]+ ([\d.]+)h0/g)].map(([, y]) => Number(y));
    expect(marks.length).toBeGreaterThan(500);
    expect(marks.length).toBeLessThanOrEqual(10_001);
    const highest = Math.min(...marks);
    expect(marks.filter((y) => y < highest + 40)).toHaveLength(1);
    expect(svg).toContain('1,000,000 operations; of those within');
  });

  test('ten thousand events of a longer run are drawn, and where the others are is said', () => {
    const messages = Array.from({ length: 20_000 }, (_, id) => ({
      id,
      src: 'n1',
      dest: 'n2',
      type: 'gossip',
      text: '{}',
      sentNanos: id * 1000,
      receivedNanos: [id * 1000 + 500],
      copies: 0,
    }));
    const svg = svgFile(
      spaceTime({
        messages: { total: 1e6, totalEvents: 2e6, eventsBefore: 0, messages },
        nodes: ['n1', 'n2'],
        bands: [],
      }),
    );
    expect(svg).toContain('The first 10,000 of 2,000,000 events. maelstrom serve shows all of them.');
    expect(svg.match(/<g>/g)).toHaveLength(5000);
  });

  test('of a long run that went wrong the stretch is drawn that shows it, and the picture says which', () => {
    const messages = Array.from({ length: 10_000 }, (_, at) => ({
      id: 400_000 + at,
      src: 'n1',
      dest: 'n2',
      type: 'gossip',
      text: '{}',
      sentNanos: 400e9 + at * 1e6,
      receivedNanos: [400e9 + at * 1e6 + 500],
      copies: 0,
    }));
    const [invocation, completion] = opsOf([
      [401, 'invoke', 2, 'read', null],
      [401.2, 'ok', 2, 'read', []],
    ]);
    if (invocation === undefined || completion === undefined) throw new Error('there is no operation');
    const stretch = { total: 1e6, totalEvents: 2e6, eventsBefore: 800_000, messages };
    const failure = { invocation, completion: { ...completion, index: 77 } };
    const svg = svgFile(spaceTime({ messages: stretch, nodes: ['n1', 'n2'], bands: [], failure }));
    expect(svg).toContain('Those after the first 800,000 of 2,000,000 events: 400.000 s to 404.999 s');
    expect(svg).toContain('around operation 77 (401.000000 s)');
    expect(svg).toContain('operation 77 begins: read');
    expect(svg).toContain('operation 77 ends: ok');
  });

  test('a picture within a page brings neither styles nor ids, which a strict page forbids or could clash', () => {
    const svg = inlineSvg(spaceTime({ messages: facts.messages, nodes: SAMPLE_NODES, bands: facts.bands }));
    expect(svg).not.toMatch(/<style|style=|\sid=/);
  });
});
