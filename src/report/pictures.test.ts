/** Compares pictures with golden files: review a difference, then accept it with `vitest -u`. */
import { present } from '../columns/present.ts';
import { Column, type Numbers } from '../columns/column.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inMemory } from '../../test/support/memory-source.ts';
import { historyOf, opsOf, SAMPLE_NODES, sampleFacts, timelineOf } from '../../test/support/sample-run.ts';
import { writeSampleRun } from '../../test/support/stored-run-sample.ts';
import { transactionsEvidence } from '../checkers/elle/explaining/anomaly-evidence.ts';
import { checkListAppend } from '../checkers/elle/list-append/list-append.ts';
import { checkCasRegister } from '../checkers/linearizable/cas-register.ts';
import { impossibleOperation } from '../checkers/linearizable/explain-cas-register.ts';
import { operationNumbers } from '../history/operation-names.ts';
import { namedByInvocation } from '../run/words/named-by-invocation.ts';
import { MessageColumns } from '../recording/messages/message-columns.ts';
import type { OperationColumns } from '../recording/operations/operation-columns.ts';
import { OK } from '../recording/operations/outcome.ts';
import { counterPicture } from './findings/counter-picture.ts';
import { cyclePicture } from './findings/cycle-picture.ts';
import { elementPicture } from './findings/element-picture.ts';
import { latencyQuantiles } from './plots/latency-quantiles.ts';
import { latencyRaw, type PlotData } from './plots/latency-raw.ts';
import { linearPicture } from './findings/linear-picture.ts';
import { rate } from './plots/rate.ts';
import { storedRunSource } from './read/stored-run-source.ts';
import { SetStories } from './findings/set-stories.ts';
import { spaceTime } from './plots/space-time.ts';
import { textWidth } from './svg/text-size.ts';
import { inlineSvg, svgFile } from './svg/svg.ts';
import { timelinePage } from './pages/timeline.ts';
import { wholeOperations } from './read/whole-operations.ts';

const facts = await sampleFacts();
const data: PlotData = { workload: 'lin-kv', history: facts.history, bands: facts.bands };
const golden = (name: string): string => `golden/${name}`;

function columnOf<A extends Numbers>(values: A): Column<A> {
  return Object.assign(new Column(values), { length: values.length });
}

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
    const picture = spaceTime({ journal: facts.journal, nodes: SAMPLE_NODES, bands: facts.bands });
    await expect(svgFile(picture)).toMatchFileSnapshot(golden('messages.svg'));
  });

  test('timeline.html', async () => {
    await expect(timelinePage(timelineOf(facts))).toMatchFileSnapshot(golden('timeline.html'));
  });
});

test('a cycle shows its transactions and why each came before the next', async () => {
  const ops = opsOf([
    [0, 'invoke', 0, 'txn', [['append', 1, 1]]],
    [1, 'ok', 0, 'txn', [['append', 1, 1]]],
    [2, 'invoke', 1, 'txn', [['r', 1, null]]],
    [3, 'ok', 1, 'txn', [['r', 1, []]]],
    [4, 'invoke', 2, 'txn', [['r', 1, null]]],
    [5, 'ok', 2, 'txn', [['r', 1, [1]]]],
  ]);
  const result = checkListAppend(ops, {});
  const evidence = transactionsEvidence(namedByInvocation(result, operationNumbers(ops).numberOf));
  const [anomaly] = evidence.kind === 'anomalies' ? evidence.anomalies : [];
  const { type = '', simplest } = anomaly ?? {};
  const cycle = simplest?.cycle;
  expect(cycle).toBeDefined();
  const whole = wholeOperations(ops);
  const operations = (simplest?.operations ?? []).map((number) =>
    whole.find(({ invocation }) => invocation.index === number),
  );
  expect(operations).not.toContain(undefined);
  const nodeOf = (): string => 'n1';
  if (cycle !== undefined)
    await expect(svgFile(cyclePicture({ type, cycle, operations, nodeOf }))).toMatchFileSnapshot(
      golden('cycle.svg'),
    );
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
  const one = result.results?.['7'];
  const { numberOf } = operationNumbers(ops);
  const impossible = one === undefined ? undefined : impossibleOperation(namedByInvocation(one, numberOf));
  if (impossible === undefined) throw new Error('key 7 is not wrong');
  const picture = linearPicture({
    key: '7',
    impossible,
    operations: wholeOperations(ops),
    nodeOf: ({ process }) => `n${Number(process) + 1}`,
  });
  expect(picture).toBeDefined();
  if (picture !== undefined) await expect(svgFile(picture)).toMatchFileSnapshot(golden('linear.svg'));
});

test('however many operations surround it, the drawing of a key fits into a window of 1,200 px', () => {
  const ops = opsOf([
    ...Array.from({ length: 40 }, (_, at): Parameters<typeof opsOf>[0][number][] => [
      [at, 'invoke', at % 9, 'write', [7, at]],
      [at + 0.5, 'ok', at % 9, 'write', [7, at]],
    ]).flat(),
    [50, 'invoke', 0, 'read', [7, null]],
    [51, 'ok', 0, 'read', [7, 3]],
  ]);
  const { numberOf } = operationNumbers(ops);
  const one = checkCasRegister(ops, { 'independent?': true }).results?.['7'];
  const impossible = one === undefined ? undefined : impossibleOperation(namedByInvocation(one, numberOf));
  if (impossible === undefined) throw new Error('key 7 is not wrong');
  const drawn = linearPicture({ key: '7', impossible, operations: wholeOperations(ops), nodeOf: () => 'n1' });
  expect(drawn.width).toBeLessThanOrEqual(1200);
  expect(drawn.body).toContain('✗ read → 3');
  expect(drawn.body).toMatch(/write 39: takes effect as number \d+ of these; then the value is 39/);
  expect(drawn.body).toContain('not to scale in time');
});

test('an element of a set shows its add, its first read, and which reads had it and which lacked it', async () => {
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
  // The first read began before the add was acknowledged.
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

test('rows of clients have whole labels: long names of nodes, and numbers of processes if no node is known', () => {
  const ops = opsOf([
    [0.1, 'invoke', 0, 'add', 7],
    [0.2, 'ok', 0, 'add', 7],
    [0.5, 'invoke', 1, 'read', null],
    [0.9, 'ok', 1, 'read', []],
  ]);
  const stories = new SetStories([7]);
  for (const op of ops) stories.observe(op);
  const [story] = stories.stories();
  if (story === undefined) throw new Error('element 7 has no story');
  const drawn = (nodeOf: (process: number) => string | undefined): string =>
    elementPicture({
      title: 'Element 7 was lost',
      story,
      bands: [],
      endNanos: 1e9,
      concurrency: 2,
      nodeOf: ({ process }) => nodeOf(Number(process)),
    }).body;
  const named = drawn((process) => `eu-central-1.node-${process}`);
  expect(named).toContain('>eu-central-1.node-0<');
  expect(named).toContain('>eu-central-1.node-1<');
  expect(named).toContain('>client of<');
  const unnamed = drawn(() => undefined);
  expect(unnamed).toMatch(/class="end small">1<.*>process</s);
});

test('the first read, in the row above the add, is labelled on another line than it', () => {
  const stories = new SetStories([7]);
  const ops = opsOf([
    [0.1, 'invoke', 1, 'add', 7],
    [0.11, 'ok', 1, 'add', 7],
    [0.2, 'invoke', 0, 'read', null],
    [0.21, 'ok', 0, 'read', [7]],
  ]);
  for (const op of ops) stories.observe(op);
  const [story] = stories.stories();
  if (story === undefined) throw new Error('element 7 has no story');
  const { body } = elementPicture({
    title: 'Element 7 was lost',
    story,
    bands: [],
    endNanos: 20e9,
    concurrency: 2,
    nodeOf: ({ process }) => `n${Number(process)}`,
  });
  const lineOf = (text: string): string | undefined =>
    new RegExp(` y="([\\d.]+)"[^>]*>${text}<`).exec(body)?.[1];
  expect(lineOf('first read')).toBeDefined();
  expect(lineOf('first read')).not.toBe(lineOf('add 7'));
});

test('final reads of a counter are shown against the possible sums', async () => {
  const picture = counterPicture({
    title: '2 of 4 final reads are no possible sum',
    reads: [
      { reader: 'n1, operation 4', value: 12, isWrong: false },
      { reader: 'n2, operation 5', value: 3, isWrong: true },
      { reader: 'n3, operation 6', value: 'many', isWrong: true },
      { reader: 'n4, operation 7', value: 20, isWrong: false },
    ],
    acceptable: [
      [12, 12],
      [17, 20],
    ],
  });
  await expect(svgFile(picture)).toMatchFileSnapshot(golden('counter.svg'));
});

describe('any run', () => {
  test('a run without a single operation still has plots', async () => {
    const history = await historyOf([]);
    for (const draw of [latencyRaw, latencyQuantiles, rate]) {
      const svg = svgFile(draw({ workload: 'echo', history, bands: [] }));
      expect(svg).not.toMatch(/NaN|undefined|Infinity|0\.00000/);
      expect(svg).toContain('There were no operations.');
    }
  });

  test('a million operations become at most ten thousand marks, the slowest among them, and the picture says so', () => {
    const count = 1_000_000;
    const slowest = 500_123;
    const invoked = Float64Array.from({ length: count }, (_, at) => at * 1000);
    const took = (at: number): number => (at === slowest ? 9e9 : 1e6 + (at % 977) * 20_000);
    const history: OperationColumns = {
      count,
      endNanos: 10e9,
      functions: ['echo'],
      columns: {
        invoked: columnOf(invoked),
        completed: columnOf(invoked.map((time, at) => time + took(at))),
        outcome: columnOf(new Uint8Array(count).fill(OK)),
        f: columnOf(new Int32Array(count)),
      },
    };
    const svg = svgFile(latencyRaw({ workload: 'echo', history, bands: [] }));
    const marks = [...svg.matchAll(/M[\d.]+ ([\d.]+)h0/g)].map(([, y]) => Number(y));
    expect(marks.length).toBeGreaterThan(500);
    expect(marks.length).toBeLessThanOrEqual(10_001);
    const highest = Math.min(...marks);
    expect(marks.filter((y) => y < highest + 40)).toHaveLength(1);
    expect(svg).toContain('1,000,000 operations; of those within');
  });

  describe('of a run with more events than are drawn', () => {
    // One message per millisecond, received at once.
    const journal = longJournal(20_000);

    test('the first ten thousand are drawn, and the picture says where the others are', async () => {
      const svg = svgFile(spaceTime({ journal: await journal, nodes: ['n1', 'n2'], bands: [] }));
      expect(svg).toContain('The first 10,000 of 40,000 events. maelstrom serve shows all of them.');
      expect(svg.match(/<g>/g)).toHaveLength(5000);
    });

    test('that is invalid, the range is drawn that shows the error, and the picture says which', async () => {
      const [invocation, completion] = opsOf([
        [10.5, 'invoke', 2, 'read', null],
        [10.7, 'ok', 2, 'read', []],
      ]);
      if (invocation === undefined || completion === undefined) throw new Error('there is no operation');
      const failure = { invocation: { ...invocation, index: 77 }, completion };
      const from = { message: 10_000, event: 20_000 };
      const svg = svgFile(
        spaceTime({ journal: await journal, from, nodes: ['n1', 'n2'], bands: [], failure }),
      );
      expect(svg).toContain('Those after the first 20,000 of 40,000 events: 10.000 s to 14.999 s');
      expect(svg).toContain('around operation 77 (10.500000 s)');
      expect(svg).toContain('operation 77 begins: read');
      expect(svg).toContain('operation 77 ends: ok');
    });
  });

  test('a label beside the last lane ends within the picture, however long it is', async () => {
    const nodes = Array.from({ length: 9 }, (_, at) => `n${at}`);
    const body = `{"type":"${'w'.repeat(200)}"}`;
    const journal = await journalOf(nodes.slice(1).map((dest, at) => ({ src: `n${at}`, dest, body })));
    const { width, body: drawn } = spaceTime({ journal, nodes, bands: [] });
    const labels = [...drawn.matchAll(/<text x="([\d.]+)"[^>]*class="tiny halo"[^>]*>([^<]*)</g)];
    expect(labels.length).toBeGreaterThan(0);
    for (const [, x, text = ''] of labels) expect(Number(x) + textWidth(text, 10)).toBeLessThanOrEqual(width);
  });

  test('the lines that mark an operation cross no words', async () => {
    const [invocation, completion] = opsOf([
      [0.01, 'invoke', 2, 'read', null],
      [0.02, 'ok', 2, 'read', []],
    ]);
    const failure = { invocation: present(invocation), completion };
    const journal = await longJournal(40, 0);
    const svg = svgFile(spaceTime({ journal, nodes: ['n1', 'n2'], bands: [], failure }));
    const lines = [...svg.matchAll(/class="line dashed s4" d="M\d+ ([\d.]+)H/g)].map(([, y]) => Number(y));
    const words = [...svg.matchAll(/<text[^>]* y="([\d.]+)"/g)].map(([, y]) => Number(y));
    expect(lines).toHaveLength(2);
    expect(words.filter((y) => lines.some((line) => y - 9 < line && line < y))).toEqual([]);
  });

  test('a picture within a page has neither styles nor ids, which a strict page forbids or could clash', () => {
    const svg = inlineSvg(spaceTime({ journal: facts.journal, nodes: SAMPLE_NODES, bands: facts.bands }));
    expect(svg).not.toMatch(/<style|style=|\sid=/);
  });
});

const longJournal = (messages: number, takesMs = 0.5e-3): Promise<MessageColumns> =>
  journalOf(
    Array.from({ length: messages }, () => ({ src: 'n1', dest: 'n2', body: '{"type":"gossip"}' })),
    takesMs,
  );

/** Of messages that are sent a millisecond apart. */
async function journalOf(
  messages: readonly { readonly src: string; readonly dest: string; readonly body: string }[],
  takesMs = 0.5e-3,
): Promise<MessageColumns> {
  const store = mkdtempSync(join(tmpdir(), 'journal-'));
  const folder = writeSampleRun(store, 'r', {
    messages: messages.map((message, at) => ({ ...message, sent: at, arrives: [at + takesMs] })),
  });
  const journal = new MessageColumns(inMemory(storedRunSource(folder)).journal);
  await journal.refresh();
  rmSync(store, { recursive: true });
  return journal;
}
