import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import { jsonEquals, parseJson, type Json } from '../../protocol/json.ts';
import type { CheckResult } from '../checker.ts';
import { wrongBeside } from '../evidence.ts';
import { explainSetFull, remarkOnSetFull, setFullEvidence } from './explain-set-full.ts';
import { checkSetFull } from './set-full.ts';

type Row = readonly [process: number, type: Op['type'], f: string, value: Json, timeMs?: number];
const history = (...rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value, timeMs], index) => ({
    index,
    time: (timeMs ?? index) * 1e6,
    process,
    type,
    f,
    value,
  }));
const add = (process: number, value: Json, type: Op['type'] = 'ok'): readonly Row[] => [
  [process, 'invoke', 'add', value],
  [process, type, 'add', value],
];
const read = (process: number, value: readonly Json[]): readonly Row[] => [
  [process, 'invoke', 'read', null],
  [process, 'ok', 'read', value],
];

describe('set-full', () => {
  it('an acknowledged element that a later read lacks is lost, with the operations that show it', () => {
    const result = checkSetFull(history(...add(0, 7), ...add(1, 8), ...read(2, [8])));
    expect(result).toMatchObject({ 'valid?': false, 'lost-count': 1, lost: [7], 'stable-count': 1 });
    expect(explainSetFull(result, ({ process }) => `n${Number(process) + 1}`)).toMatchInlineSnapshot(
      `"1 of 2 confirmed elements was lost: 7. Element 7 was acknowledged by n1 at 0.001 s (operation 1), yet a later read from n3, which began at 0.004 s (operation 4), lacks it. No read ever showed it."`,
    );
  });

  it('the sentence describes losses in words that fit the number', () => {
    const lost = (...rows: readonly (readonly Row[])[]): string | undefined =>
      explainSetFull(checkSetFull(history(...rows.flat())))?.split(' Element ')[0];
    const none = read(2, []);
    expect(lost(add(0, 7), none)).toBe('The only confirmed element was lost: 7.');
    expect(lost(add(0, 7), add(1, 8), none)).toBe('All 2 confirmed elements were lost: 7, 8.');
    const twice = checkSetFull(history(...add(0, 1), ...add(0, 2), ...read(1, [2, 1, 2, 1])));
    expect(explainSetFull(twice)).toContain(
      '2 elements were listed more than once in a read: 1 (2 times), 2',
    );
  });

  it('an element that is missing only from reads that began before it was known is not lost', () => {
    const ops = history([1, 'invoke', 'read', null], ...add(0, 7), [1, 'ok', 'read', []], ...read(1, [7]));
    expect(checkSetFull(ops)).toMatchObject({ 'valid?': true, 'stable-count': 1, 'stale-count': 0 });
  });

  it.each([
    ['falling', (index: number) => 100 - index],
    ['counted by each process', (index: number) => index % 2],
    ['all the same', () => 0],
  ])('the order of the history counts, whatever its indexes: %s', (_, indexOf) => {
    const renumbered = (ops: readonly Op[]): Op[] => ops.map((op, at) => ({ ...op, index: indexOf(at) }));
    const lost = history(...add(0, 7), ...read(1, [7]), ...read(2, []));
    expect(checkSetFull(renumbered(lost))).toMatchObject({ 'valid?': false, lost: [7] });
    const late = history(...add(0, 7), ...read(1, []), ...read(2, [7]));
    expect(checkSetFull(renumbered(late))).toMatchObject({ 'valid?': true, 'stable-count': 1 });
    expect(checkSetFull(renumbered(late), { 'linearizable?': true })).toMatchObject({ 'valid?': false });
  });

  it('in a history without times the order shows what was missing after it was known', () => {
    const timeless = (...rows: readonly (readonly Row[])[]): Op[] =>
      history(...rows.flat()).map((op) => ({ ...op, time: 0 }));
    const late = checkSetFull(timeless(add(0, 7), read(1, []), read(2, [7])), { 'linearizable?': true });
    expect(late).toMatchObject({ 'valid?': false, 'stale-count': 1, stale: [7] });
    expect(explainSetFull(late)).toMatchInlineSnapshot(
      `"1 element was missing from reads for a while after being confirmed, such as 7: it was acknowledged at 0.000 s (operation 1), and the read by process 1 that began afterwards (operation 2) lacks it."`,
    );
    const begunBefore = timeless(
      [[1, 'invoke', 'read', null]],
      add(0, 7),
      [[1, 'ok', 'read', []]],
      read(2, [7]),
    );
    expect(checkSetFull(begunBefore, { 'linearizable?': true })).toMatchObject({
      'valid?': true,
      'stale-count': 0,
    });
  });

  it('a read counts from its invocation, however many others ended before it', () => {
    const others = Array.from({ length: 600 }, () => read(1, [7])).flat();
    const ops = history([2, 'invoke', 'read', null], ...add(0, 7), ...read(1, []), ...others, [
      2,
      'ok',
      'read',
      [7],
    ]);
    expect(checkSetFull(ops)).toMatchObject({ 'valid?': true, 'stable-count': 1, lost: [] });
  });

  it('an element that one final read lacks and another shows is stable, with a remark', () => {
    const final = (ops: readonly Op[]): readonly Op[] =>
      ops.map((op) => (op.f === 'read' ? { ...op, final: true } : op));
    const ops = history(...add(0, 7), ...add(0, 8), ...read(1, [8]), ...read(2, [7, 8]));
    const result = checkSetFull(final(ops));
    expect(result).toMatchObject({ 'valid?': true, 'lost-count': 0, stale: [7] });
    expect(remarkOnSetFull(result)).toMatchInlineSnapshot(
      `"1 element was missing from a read at the very end, after the quiet period: 7. The read that began at 0.004 s (operation 4) lacks 7; a later one shows it, so it counts as stable, but the node that answered without it may never get it."`,
    );
    // A search for failures counts it as one.
    expect(wrongBeside(setFullEvidence(result))).toEqual([{ kind: 'missing-at-end', operations: [1, 4] }]);
    expect(wrongBeside(setFullEvidence(checkSetFull(ops)))).toEqual([]);
    expect(remarkOnSetFull(checkSetFull(ops))).toBeUndefined();
    expect(remarkOnSetFull(checkSetFull(final(history(...add(0, 7), ...read(1, [7])))))).toBeUndefined();
  });

  it('an element whose add is in doubt may be absent forever', () => {
    const result = checkSetFull(history(...add(0, 1), ...add(3, 7, 'info'), ...read(1, [1])));
    expect(result).toMatchObject({ 'valid?': true, 'never-read': [7] });
  });

  it('a late element is stale: allowed, unless the set has to be linearizable', () => {
    const ops = history(
      ...add(0, 7),
      ...read(1, []),
      [1, 'invoke', 'read', null, 50],
      [1, 'ok', 'read', [7], 51],
    );
    expect(checkSetFull(ops)).toMatchObject({
      'valid?': true,
      stale: [7],
      'stable-latencies': { '0': 1, '1': 1 },
      'worst-stale': [
        { element: 7, outcome: 'stable', 'stable-latency': 1, known: ops[1], 'last-absent': ops[2] },
      ],
    });
    const strictly = checkSetFull(ops, { 'linearizable?': true });
    expect(strictly['valid?']).toBe(false);
    expect(explainSetFull(strictly)).toMatchInlineSnapshot(
      `"1 element was missing from reads for a while after being confirmed; the longest was 7, for 1 ms after it was acknowledged at 0.001 s (operation 1)."`,
    );
  });

  it('an element that was never added makes the result invalid, and is named', () => {
    const result = checkSetFull(history(...add(0, 1), ...read(1, [1, 1000, '1'])));
    expect(result).toMatchObject({ 'valid?': false, 'phantom-count': 2, phantoms: [1000, '1'], lost: [] });
    expect(explainSetFull(result)).toMatchInlineSnapshot(
      `"2 elements were read that no operation had added: 1000, "1". Element 1000 first appeared in the read by process 1 that ended at 0.003 s (operation 3)."`,
    );
  });

  it.each([
    [[0, 7], ['0', '7'], '"0" is 0 as a string'],
    [[0, 7], [0, '7'], '"7" is 7 as a string'],
    [['7'], [7], '7 is "7" as a number'],
  ])('%j that was read as %j is reported as another value', (added, seen, words) => {
    const result = checkSetFull(history(...added.flatMap((element) => add(0, element)), ...read(1, seen)));
    expect(result['valid?']).toBe(false);
    expect(explainSetFull(result)).toContain(
      `${words}, which is a different value: elements must come back exactly as`,
    );
  });

  it.each([
    [[0], [{ message: 0 }], '{"message":0} holds 0'],
    [[0, 7], [[0, 7]], '[0,7] holds 0'],
  ])('%j that was read as %j is reported as held by another value', (added, seen, words) => {
    const result = checkSetFull(history(...added.flatMap((element) => add(0, element)), ...read(1, seen)));
    expect(explainSetFull(result)).toContain(
      `${words}, but is not 0: elements must come back exactly as they were sent.`,
    );
  });

  it('an element read before any add of it began is a phantom, too', () => {
    expect(checkSetFull(history(...read(1, [5]), ...add(0, 5), ...read(1, [5])))).toMatchObject({
      'valid?': false,
      phantoms: [5],
    });
  });

  it('an element listed twice is a warning, and invalid only with --strict', () => {
    const ops = history(...add(0, 1), ...add(0, 2), ...read(1, [2, 1, 2, 2]), ...read(1, [2, 1, 2]));
    const result = checkSetFull(ops);
    expect(result).toMatchObject({
      'valid?': true,
      'duplicated-count': 0,
      duplicated: {},
      'repeated-count': 1,
      repeated: { '2': 3 },
    });
    expect(explainSetFull(result)).toBe(
      'An element was listed more than once in a read: 2 (3 times). That is allowed, but an error with --strict.',
    );
    expect(checkSetFull(ops, { strict: true })).toMatchObject({
      'valid?': false,
      'duplicated-count': 1,
      duplicated: { '2': 3 },
    });
  });

  it('reports unknown, in words, if nothing was proved', () => {
    expect(checkSetFull([])['valid?']).toBe('unknown');
    expect(explainSetFull(checkSetFull([]))).toBe('Nothing was added, so nothing was proved.');
    expect(checkSetFull(history(...add(0, 1)))['valid?']).toBe('unknown');
  });

  it('elements may be any JSON, and are equal by value', () => {
    const elements = parseJson('[{"a":1,"b":[2]},"x",12345678901234567890,1.5,1.0,null,true,-1,"[1]",[1]]');
    const again = parseJson('[{"b":[2],"a":1},[1],12345678901234567890,1.50,1.00,null,true,-1,"[1]","x"]');
    const ops = history(
      ...(elements as readonly Json[]).flatMap((element) => add(0, element)),
      ...read(1, again as readonly Json[]),
    );
    expect(checkSetFull(ops)).toMatchObject({ 'valid?': true, 'stable-count': 10 });
    const other = history(...add(0, 9007199254740993n), ...read(1, [9007199254740992n]));
    expect(checkSetFull(other)).toMatchObject({ lost: [9007199254740993n], phantoms: [9007199254740992n] });
  });

  it('accepts another name for adding, such as broadcast, and ignores the nemesis', () => {
    const ops: Op[] = [
      { index: 0, time: 0, process: 'nemesis', type: 'info', f: 'broadcast', value: 9 },
      ...history([0, 'invoke', 'add', 1], [0, 'invoke', 'broadcast', 2], [0, 'ok', 'broadcast', 2]),
    ];
    expect(checkSetFull(ops, { add: 'broadcast' })).toMatchObject({ 'attempt-count': 1 });
  });

  it('keeps a bounded number of phantoms, however many a node invents', () => {
    const made = Array.from({ length: 30_000 }, (_, n) => n + 5);
    expect(checkSetFull(history(...add(0, 1), ...read(1, made)))['phantom-count']).toBe(10_000);
  });

  it('agrees with the definition, read by read and element by element', () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (ops, linearizable) => {
        const { 'worst-stale': _, ...naive } = naiveSetFull(ops, linearizable);
        expect(checkSetFull(ops, { 'linearizable?': linearizable })).toMatchObject(naive);
      }),
      { numRuns: 300 },
    );
  });

  const row = (type: Op['type'], f: string, value: Json, process = 0) => ({ type, f, value, process });
  const verdict = (...rows: readonly ReturnType<typeof row>[]) =>
    checkSetFull(rows.map((op, index) => ({ ...op, index, time: index })))['valid?'];

  it('a successful read of nil is a read of the empty set', () => {
    const added = [row('invoke', 'add', 1), row('ok', 'add', 1)];
    expect(verdict(...added, row('invoke', 'read', null), row('ok', 'read', null))).toBe(false);
    expect(verdict(...added, row('invoke', 'read', null), row('info', 'read', null))).toBe('unknown');
  });

  it('a read that is not a list makes the history malformed', () => {
    const ops = [row('invoke', 'read', null), row('ok', 'read', 5)];
    expect(checkSetFull(ops.map((op, index) => ({ ...op, index, time: index })))['error']).toBe(
      'The history is malformed: operation 1 reads 5; expected a list of elements.',
    );
  });

  it('an acknowledged element stays known when a later add of it crashes', () => {
    const again = [
      row('invoke', 'add', 1),
      row('ok', 'add', 1),
      row('invoke', 'add', 1),
      row('info', 'add', 1),
    ];
    expect(verdict(...again, row('invoke', 'read', null, 1), row('ok', 'read', [], 1))).toBe(false);
    expect(verdict(...again, row('invoke', 'read', null, 1), row('ok', 'read', [1], 1))).toBe(true);
  });

  it('an acknowledgement without a value acknowledges the invoked value', () => {
    expect(
      verdict(
        row('invoke', 'add', 1),
        row('ok', 'add', null),
        row('invoke', 'read', null),
        row('ok', 'read', []),
      ),
    ).toBe(false);
  });

  it('indexes may begin anywhere, even below 0', () => {
    const ops = [row('invoke', 'read', null, 2), row('invoke', 'add', 1), row('ok', 'read', [1], 2)];
    for (const first of [-1, -2, 0, 2 ** 40])
      expect(checkSetFull(ops.map((op, at) => ({ ...op, index: first + at, time: 0 })))['valid?']).toBe(true);
  });

  it('agrees with the definition over many batches of reads', () => {
    const script = Array.from({ length: 1500 }, (_, n) => n);
    const ops = run(
      script.map((n) => ({
        process: n % 7,
        step: (n * 7919) % 13,
        shown: (n * 104_729) % 1024,
        outcome: n % 11,
      })),
    );
    const { 'worst-stale': _, ...naive } = naiveSetFull(ops, false);
    expect(checkSetFull(ops)).toMatchObject(naive);
  });
});

interface Case {
  readonly id: string;
  readonly mode?: string;
  readonly opts: Record<string, boolean>;
  readonly history: readonly Op[];
  readonly expected: Record<string, Json>;
}

const corpusFile = (path: string) =>
  [
    new URL(`../../../test/conformance/corpus/${path}`, import.meta.url),
    new URL(`../../../../shared/corpus/${path}`, import.meta.url),
  ].find((url) => existsSync(url));

describe.each(['jepsen-generated/set-full.json', 'jepsen-unit/set-full.json'])('the corpus %s', (path) => {
  const file = corpusFile(path);
  it.runIf(file !== undefined)('every case agrees in everything; phantoms in all but valid?', () => {
    if (file === undefined) return;
    const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[];
    expect(cases.length).toBeGreaterThan(20);
    for (const { id, history: ops, opts, expected } of cases) {
      const result: CheckResult = checkSetFull(ops, opts);
      for (const [key, value] of Object.entries(expected)) {
        const found = asCorpus(result[key]);
        if (key === 'valid?' && result['phantoms'] !== undefined) expect([id, found]).toEqual([id, false]);
        else expect([id, key, found]).toEqual([id, key, value]);
      }
    }
  });
});

/** Converts a result to the corpus's form, where an operation is its index. */
function asCorpus(value: CheckResult[string]): unknown {
  if (Array.isArray(value)) return value.map(asCorpus);
  if (typeof value !== 'object' || value === null) return value;
  if ('index' in value && 'process' in value) return { $op: value.index };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asCorpus(item as Json)]));
}

interface Step {
  readonly process: number;
  readonly step: number;
  /** The elements that a read shows, as bits. */
  readonly shown: number;
  readonly outcome: number;
}

/** Returns a history from arbitrary steps: a busy process completes, a free one invokes. */
function run(steps: readonly Step[]): Op[] {
  const ops: Op[] = [];
  const open = new Map<number, Op>();
  let elements = 0;
  for (const { process, step, shown, outcome } of steps) {
    const index = ops.length;
    const time = index * 700_000;
    const invocation = open.get(process);
    if (invocation === undefined) {
      const adds = step % 2 === 0 && elements < 10;
      // Sometimes an element is added a second time.
      const value = !adds ? null : step === 0 && elements > 0 ? elements - 1 : elements++;
      const op: Op = { index, time, type: 'invoke', process, f: adds ? 'add' : 'read', value };
      open.set(process, op);
      ops.push(op);
      continue;
    }
    open.delete(process);
    const type = outcome === 0 ? 'fail' : outcome === 1 ? 'info' : 'ok';
    const listed = Array.from({ length: elements }, (_, n) => n).filter((n) => ((shown >> n) & 1) === 1);
    const value = invocation.f === 'read' ? listed : invocation.value;
    ops.push({ index, time, type, process, f: invocation.f, value });
  }
  return ops;
}

const histories = fc
  .array(
    fc.record({
      process: fc.nat({ max: 3 }),
      step: fc.nat({ max: 12 }),
      shown: fc.nat({ max: 1023 }),
      outcome: fc.nat({ max: 6 }),
    }),
    { maxLength: 60 },
  )
  .map(run);

/** The reference definition, except that a second add does not start over: every read touches every element. */
function naiveSetFull(ops: readonly Op[], linearizable: boolean): CheckResult {
  interface Story {
    readonly element: Json;
    known?: Op;
    present?: Op;
    absent?: Op;
  }
  const stories: Story[] = [];
  const open = new Map<Op['process'], Op>();
  for (const op of ops) {
    if (op.type === 'invoke') {
      open.set(op.process, op);
      if (op.f === 'add' && !stories.some((s) => jsonEquals(s.element, op.value))) {
        stories.push({ element: op.value });
      }
      continue;
    }
    const invocation = open.get(op.process);
    if (op.type !== 'ok' || invocation === undefined) continue;
    for (const story of stories) {
      if (op.f === 'add') {
        if (jsonEquals(story.element, op.value)) story.known ??= op;
      } else if ((op.value as readonly Json[]).some((element) => jsonEquals(element, story.element))) {
        story.known ??= op;
        if (invocation.index > (story.present?.index ?? -1)) story.present = invocation;
      } else if (invocation.index > (story.absent?.index ?? -1)) {
        story.absent = invocation;
      }
    }
  }
  const present = (s: Story) => s.present?.index ?? -1;
  const absent = (s: Story) => s.absent?.index ?? -1;
  const stable = stories.filter((s) => s.present !== undefined && absent(s) < present(s));
  const lost = stories.filter(
    (s) =>
      s.known !== undefined && s.absent !== undefined && present(s) < absent(s) && s.known.index < absent(s),
  );
  const neverRead = stories.filter((s) => !stable.includes(s) && !lost.includes(s));
  const latency = (s: Story) =>
    Math.floor(Math.max(0, (s.absent === undefined ? 0 : s.absent.time + 1) - (s.known?.time ?? 0)) / 1e6);
  const stale = stable.filter((s) => latency(s) > 0);
  const sorted = (some: readonly Story[]) => some.map((s) => Number(s.element)).toSorted((a, b) => a - b);
  const phantoms = ops.some(
    (op, at) =>
      op.f === 'read' &&
      op.type === 'ok' &&
      (op.value as readonly number[]).some(
        (element) => !ops.slice(0, at).some((o) => o.f === 'add' && o.value === element),
      ),
  );
  return {
    'valid?':
      lost.length > 0 || phantoms
        ? false
        : stable.length === 0
          ? 'unknown'
          : !(linearizable && stale.length > 0),
    'attempt-count': stories.length,
    'stable-count': stable.length,
    'lost-count': lost.length,
    lost: sorted(lost),
    'never-read-count': neverRead.length,
    'never-read': sorted(neverRead),
    'stale-count': stale.length,
    stale: sorted(stale),
    'worst-stale': [],
  };
}
