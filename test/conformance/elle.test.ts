/**
 * list-append and rw-register histories checked by Elle: our checkers agree on every one.
 *
 * `valid?`, `not` and `also-not` must be equal. Anomaly types must be equal except for cycles, since the cycle that Elle finds
 * first in a component, and so its name, depends on the order of its hash tables. There, each name that Elle gives must be
 * covered by one of ours (the same, one that implies it, or one that breaks the model whose `...-cycle-exists` it is), and
 * since `not` is equal, ours cannot claim more than Elle's.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/checkers/checker.ts';
import {
  anomaliesImpliedBy,
  canonicalModelName,
  impossibleModels,
  modelBoundary,
  prohibitedAnomalies,
} from '../../src/checkers/elle/levels/consistency-models.ts';
import {
  PROJECTIONS,
  RELATION,
  SEARCH_ORDER,
  relationName,
} from '../../src/checkers/elle/cycles/cycle-types.ts';
import { DependencyGraph, type DataDependencies } from '../../src/checkers/elle/graph/dependency-graph.ts';
import { EdgeBuffer } from '../../src/checkers/elle/graph/edge-buffer.ts';
import { ListAppendColumns } from '../../src/checkers/elle/list-append/columns.ts';
import { ListAppendDependencies } from '../../src/checkers/elle/list-append/dependencies.ts';
import { settleOrders } from '../../src/checkers/elle/list-append/orders.ts';
import { checkListAppend } from '../../src/checkers/elle/list-append/list-append.ts';
import { Meter } from '../../src/checkers/budget/meter.ts';
import { realtimeSuccessors } from '../../src/checkers/elle/graph/realtime-order.ts';
import { AnomalyTable } from '../../src/checkers/elle/result.ts';
import { RwRegisterColumns } from '../../src/checkers/elle/rw-register/columns.ts';
import { RwRegisterDependencies } from '../../src/checkers/elle/rw-register/dependencies.ts';
import { distinguishRepeats } from '../../src/checkers/elle/rw-register/repeats.ts';
import { versionOrder } from '../../src/checkers/elle/rw-register/versions.ts';
import { findWriters } from '../../src/checkers/elle/rw-register/writers.ts';
import { checkRwRegister, type RwRegisterOptions } from '../../src/checkers/elle/rw-register/rw-register.ts';
import type { Json } from '../../src/protocol/json.ts';
import { TransactionLog, type TransactionOp } from '../../src/checkers/elle/transactions/transaction-log.ts';

interface Expected {
  readonly 'valid?': boolean | 'unknown';
  readonly 'anomaly-types'?: readonly string[];
  readonly not?: readonly string[];
  readonly 'also-not'?: readonly string[];
  readonly anomalies?: Readonly<Record<string, unknown>>;
  readonly counts?: Readonly<Record<string, number>>;
}

interface Run {
  readonly opts: RwRegisterOptions;
  readonly expected: Expected;
  readonly throws?: boolean;
}

interface Case {
  readonly id: string;
  readonly workload: 'list-append' | 'rw-register';
  readonly history: readonly TransactionOp[];
  readonly graph: { readonly edges: readonly (readonly [number, number, readonly string[]])[] };
  readonly runs: readonly Run[];
}

const generated = (file: string): readonly Case[] =>
  JSON.parse(
    readFileSync(new URL(`corpus/elle-generated/${file}`, import.meta.url), 'utf8'),
  ) as readonly Case[];

const check = (
  workload: string,
  history: readonly TransactionOp[],
  options: RwRegisterOptions,
): CheckResult =>
  workload.startsWith('list-append') ? checkListAppend(history, options) : checkRwRegister(history, options);

const EXISTS = new Map(PROJECTIONS.map(({ name, model }) => [name, model]));
const CYCLES = new Set([...SEARCH_ORDER.map(({ name }) => name), ...EXISTS.keys()]);

/** Returns the names of Elle's cycles that none of ours covers. */
function uncovered(theirs: readonly string[], ours: readonly string[]): readonly string[] {
  const implied = anomaliesImpliedBy(ours);
  const impossible = impossibleModels(ours);
  return theirs.filter((type) => !implied.has(type) && !impossible.has(EXISTS.get(type) ?? ''));
}

function expectAgreement(ours: CheckResult, expected: Expected): void {
  const types = (ours['anomaly-types'] ?? []) as readonly string[];
  const theirs = expected['anomaly-types'] ?? [];
  const notCycles = (names: readonly string[]): readonly string[] =>
    names.filter((name) => !CYCLES.has(name));
  expect({
    'valid?': ours['valid?'],
    not: ours['not'],
    'also-not': ours['also-not'],
    other: notCycles(types),
    uncovered: uncovered(theirs, types),
    cycles: types.some((type) => CYCLES.has(type)),
  }).toEqual({
    'valid?': expected['valid?'],
    not: expected.not,
    'also-not': expected['also-not'],
    other: notCycles(theirs),
    uncovered: [],
    cycles: theirs.some((type) => CYCLES.has(type)),
  });
}

/** Our verdict on histories for which Elle throws. */
const WHERE_ELLE_THROWS: Readonly<Record<string, { valid: CheckResult['valid?']; says: string }>> = {
  // An element that no transaction appended is read: definitely wrong.
  'edge/la/garbage-read': { valid: false, says: 'garbage-read' },
  'edge/la/garbage-only': { valid: false, says: 'garbage-read' },
  // One value appended twice: nothing can be concluded, as in Elle.
  'edge/la/duplicate-append-attempt': { valid: 'unknown', says: 'duplicate-appends' },
  // An append whose invocation never completed is read: it took effect, which is fine.
  'edge/la/unmatched-invoke-observed': { valid: true, says: '' },
  'edge/la/unexpected-mop': { valid: 'unknown', says: 'unexpected-txn-micro-op-types' },
  'edge/rw/dup-write-read': { valid: 'unknown', says: 'duplicate-writes' },
  // Keys of several types are distinguished like any other keys.
  'edge/rw/mixed-key-types': { valid: true, says: '' },
};

/**
 * In a register history, a read of a crashed transaction's write shows that it took effect. Elle's graph omits all crashed
 * transactions; ours includes these, and so shows more anomalies, never fewer.
 */
const CRASHED_WRITES_READ: Readonly<Record<string, string>> = {
  'rw-register/stale/17':
    'process 6 read key 2 as 1, which crashed operation 28 wrote, and then as null: sessions are broken',
  'rw-register/lossy/15': 'operations 7 and 12 read what crashed operation 3 wrote: the graph is not empty',
  'rw-register/internal/14': 'operation 14 read what crashed operation 11 wrote: the graph is not empty',
  'rw-register/internal/17': 'operations 10 and 11 read what crashed ones wrote: the graph is not empty',
  'edge/rw/info-write-read': 'the graph is not empty',
};

/** Null was written and read: Elle adds an edge from that write, though the read may show the initial state. */
const NULL_WRITTEN = 'edge/rw/nil-write';

function expectNoLess(ours: CheckResult, expected: Expected): void {
  const types = (ours['anomaly-types'] ?? []) as readonly string[];
  const theirs = (expected['anomaly-types'] ?? []).filter((type) => type !== 'empty-transaction-graph');
  expect(types).not.toContain('empty-transaction-graph');
  expect(uncovered(theirs, types)).toEqual([]);
  expect(types.filter((type) => !CYCLES.has(type))).toEqual(theirs.filter((type) => !CYCLES.has(type)));
  expect(ours['valid?'] === false || expected['valid?'] !== false).toBe(true);
}

/**
 * Whether a successful read shows a transaction's append to a key without that transaction's earlier append to it, or in a
 * different order, which Elle does not report. An independent search.
 */
function showsTornAppends(workload: string, history: readonly TransactionOp[]): boolean {
  if (!workload.startsWith('list-append')) return false;
  const mopsOf = ({ value }: TransactionOp) => (value ?? []) as readonly (readonly [string, Json, Json?])[];
  const lists = history
    .filter(({ type }) => type === 'ok')
    .flatMap(mopsOf)
    .filter(([f, , list]) => f === 'r' && Array.isArray(list));
  return history.some((op) => {
    if (op.type !== 'ok' && op.type !== 'info') return false;
    const appends = mopsOf(op).filter(([f]) => f === 'append');
    return appends.some(([, key, later], at) =>
      appends.slice(0, at).some(([, other, earlier]) => {
        if (!isDeepStrictEqual(key, other)) return false;
        return lists.some(([, read, list]) => {
          if (!isDeepStrictEqual(read, key)) return false;
          const shown = list as readonly Json[]; // filtered above
          const place = (element?: Json): number => shown.findIndex((one) => isDeepStrictEqual(one, element));
          return place(later) >= 0 && (place(earlier) < 0 || place(earlier) > place(later));
        });
      }),
    );
  });
}

/** Returns Elle's result as it would be if it checked for torn appends. */
function withTornAppends(expected: Expected, ours: CheckResult, options: RwRegisterOptions): Expected {
  const models = options['consistency-models'] ?? [];
  const isProhibited = prohibitedAnomalies([models].flat()).has('G1b');
  if (isProhibited) {
    expect(ours['anomaly-types']).toContain('G1b');
    expect(ours['valid?']).toBe(false);
  }
  const types = [...new Set([...(expected['anomaly-types'] ?? []), ...(isProhibited ? ['G1b'] : [])])].sort();
  // A result without anomalies rules nothing out.
  if (types.length === 0) return expected;
  const { not, alsoNot } = modelBoundary(['G1b', ...types, ...((ours['anomaly-types'] ?? []) as string[])]);
  if (expected.not?.includes('read-uncommitted') === true) return { ...expected, 'anomaly-types': types };
  return {
    ...expected,
    'valid?': isProhibited ? false : expected['valid?'],
    'anomaly-types': types,
    not,
    'also-not': alsoNot,
  };
}

/** Returns the reads that no model allows but Elle does not report, by an independent search. */
function impossibleReads(workload: string, history: readonly TransactionOp[]): readonly string[] {
  if (!workload.startsWith('rw-register')) return [];
  const mopsOf = ({ value }: TransactionOp) => (value ?? []) as readonly (readonly [string, Json, Json?])[];
  const found = new Set<string>();
  for (const op of history) {
    if (op.type !== 'ok') continue;
    for (const [at, [f, key, value]] of mopsOf(op).entries()) {
      if (f !== 'r' || value === null || value === undefined) continue;
      const isThatWrite = (mop: readonly [string, Json, Json?]): boolean =>
        mop[0] === 'w' && isDeepStrictEqual([mop[1], mop[2]], [key, value]);
      const elsewhere = history.some(
        (other) =>
          (other.type !== 'invoke' || other.process !== op.process) &&
          other !== op &&
          mopsOf(other).some(isThatWrite),
      );
      const own = mopsOf(op).findIndex(isThatWrite);
      if (elsewhere) continue;
      if (own < 0) found.add('garbage-read');
      else if (own > at) found.add('future-read');
    }
  }
  return [...found].toSorted();
}

/** Expects Elle's verdict, plus the effect of those reads. */
function expectAgreementBesides(impossible: readonly string[], ours: CheckResult, expected: Expected): void {
  if (impossible.length === 0) return expectAgreement(ours, expected);
  const types = (ours['anomaly-types'] ?? []) as readonly string[];
  const theirs = expected['anomaly-types'] ?? [];
  if (impossible.includes('garbage-read')) expect(ours['valid?']).toBe(false);
  expect(impossible).toEqual(expect.arrayContaining(types.filter((type) => IMPOSSIBLE_READS.has(type))));
  expect(uncovered(theirs, types)).toEqual([]);
}

const IMPOSSIBLE_READS: ReadonlySet<string> = new Set(['garbage-read', 'future-read']);

const files = [
  ['list-append.json', 3960],
  ['rw-register.json', 3600],
  ['edge.json', 392],
] as const;

describe.each(files)('Elle and ours agree on %s', (file, total) => {
  const cases = generated(file);

  it(`which has ${total} runs`, () => {
    expect(cases.reduce((sum, { runs }) => sum + runs.length, 0)).toBe(total);
  });

  it.each(cases.map((one) => [one.id, one] as const))('%s', (id, { workload, history, runs }) => {
    for (const { opts, expected, throws } of runs) {
      const ours = check(workload, history, opts);
      if (CRASHED_WRITES_READ[id] !== undefined) {
        expectNoLess(ours, expected);
        continue;
      }
      if (throws !== true) {
        const isTorn = showsTornAppends(workload, history);
        expectAgreementBesides(
          impossibleReads(workload, history),
          ours,
          isTorn ? withTornAppends(expected, ours, opts) : expected,
        );
        continue;
      }
      const meaning = WHERE_ELLE_THROWS[id];
      expect(ours['valid?']).toBe(meaning?.valid);
      expect(JSON.stringify([ours['anomaly-types'], ours['error']])).toContain(meaning?.says);
    }
  });
});

type EdgeList = readonly (readonly [number, number, readonly string[]])[];

/** Returns every edge between transactions, with helper vertices contracted, by the indices of operations. */
function edgesOf(graph: DependencyGraph, indexOf: (vertex: number) => number): EdgeList {
  const relations = new Map<string, Set<string>>();
  const add = (from: number, to: number, relation: number): void => {
    const key = `${indexOf(from)} ${indexOf(to)}`;
    relations.set(key, (relations.get(key) ?? new Set()).add(relationName(relation)));
  };
  const out = new EdgeBuffer();
  const follow = (from: number, vertex: number, relation: number, seen: Set<number>): void => {
    if (vertex < graph.transactions) return add(from, vertex, relation);
    if (seen.has(vertex)) return;
    seen.add(vertex);
    for (const [target] of edgesFrom(graph, vertex)) follow(from, target, relation, seen);
  };
  for (let vertex = 0; vertex < graph.transactions; vertex++) {
    for (const [target, relation] of edgesFrom(graph, vertex, out)) {
      if (relation !== RELATION.realtime) follow(vertex, target, relation, new Set());
    }
  }
  if (graph.order === 'realtime') {
    const completed = Array.from({ length: graph.transactions }, (_, vertex) => vertex).filter(
      (vertex) => graph.log.outcomes.at(vertex) !== 0,
    );
    realtimeSuccessors(graph.log, completed).forEach((later, position) => {
      for (const other of later) add(completed[position] ?? 0, completed[other] ?? 0, RELATION.realtime);
    });
  }
  return [...relations].map(([key, names]) => {
    const [from, to] = key.split(' ').map(Number);
    return [from ?? 0, to ?? 0, [...names]];
  });
}

function edgesFrom(
  graph: DependencyGraph,
  vertex: number,
  out = new EdgeBuffer(),
): readonly [number, number][] {
  out.clear();
  graph.collect(vertex, out);
  return Array.from({ length: out.length }, (_, edge) => [out.targets[edge] ?? 0, out.relations[edge] ?? 0]);
}

function registerDependencies(
  columns: RwRegisterColumns,
  options: RwRegisterOptions,
  meter: Meter,
): DataDependencies {
  const writers = findWriters(columns, { allowsDirtyReads: false }, meter);
  const { tookEffect } = writers;
  const known = { ...distinguishRepeats(columns, writers, meter), tookEffect };
  const versions = versionOrder(columns, options, known, new AnomalyTable(), meter);
  return new RwRegisterDependencies(columns, versions.rows, tookEffect);
}

function sortedEdges(edges: EdgeList): readonly string[] {
  return edges.map(([from, to, names]) => `${from} -> ${to}: ${names.toSorted().join()}`).toSorted();
}

function graphOf(
  workload: string,
  history: readonly TransactionOp[],
  options: RwRegisterOptions,
  order: 'none' | 'realtime',
): EdgeList {
  const meter = new Meter(undefined);
  const columns = workload.startsWith('list-append') ? new ListAppendColumns() : new RwRegisterColumns();
  for (const op of history) columns.observe(op);
  let data: DataDependencies;
  if (columns instanceof ListAppendColumns) {
    settleOrders(columns, meter);
    data = new ListAppendDependencies(columns);
  } else data = registerDependencies(columns, options, meter);
  return edgesOf(
    new DependencyGraph(columns.log, data, order, meter),
    (vertex) => columns.operation(vertex).index,
  );
}

describe('Elle and ours draw the same graph for', () => {
  const cases = files.flatMap(([file]) => generated(file)).filter(({ graph }) => Array.isArray(graph.edges));

  it.each(cases.map((one) => [one.id, one] as const))('%s', (id, { workload, history, graph }) => {
    // Our graph includes an append that never completed but was read; Elle throws.
    if (id === 'edge/la/unmatched-invoke-observed' || id === NULL_WRITTEN) return;
    const ours = graphOf(workload, history, { 'wfr-keys?': true }, 'realtime');
    // Elle keeps self-edges of transactions, which are in no cycle.
    const theirs = graph.edges.filter(([from, to]) => from !== to);
    const known = new Set(singleEdges(theirs));
    const more = singleEdges(ours).filter((edge) => !known.has(edge));
    expect([...known].filter((edge) => !singleEdges(ours).includes(edge))).toEqual([]);
    // Our graph includes register writes of crashed transactions that were read.
    const crashed = new Set(history.filter(({ type }) => type === 'info').map(({ index }) => String(index)));
    const ofCrashed = (edge: string): boolean =>
      /^(\d+) -> (\d+)/
        .exec(edge)
        ?.slice(1)
        .some((index) => crashed.has(index)) === true;
    expect(more.filter((edge) => !workload.startsWith('rw-register') || !ofCrashed(edge))).toEqual([]);
  });
});

const singleEdges = (edges: EdgeList): readonly string[] =>
  edges.flatMap(([from, to, names]) => names.map((name) => `${from} -> ${to}: ${name}`));

interface UnitCase {
  readonly id: string;
  readonly kind: string;
  readonly test: string;
  readonly opts: RwRegisterOptions;
  readonly history: readonly TransactionOp[];
  readonly expected: unknown;
}

const unitFolder = new URL('../../../shared/corpus/elle-unit/', import.meta.url);

/** Kept next to the project, not in it, since they are someone else's work. */
const units: readonly UnitCase[] = existsSync(unitFolder)
  ? (
      JSON.parse(readFileSync(new URL('index.json', unitFolder), 'utf8')) as {
        readonly files: readonly { readonly file: string }[];
      }
    ).files.flatMap(
      ({ file }) => JSON.parse(readFileSync(new URL(file, unitFolder), 'utf8')) as readonly UnitCase[],
    )
  : [];

/** Replaces operations by their index, so that whole results can be compared. */
function withIndexes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIndexes);
  if (typeof value !== 'object' || value === null) return value;
  if ('index' in value && 'process' in value) return { $op: value.index };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIndexes(item)]));
}

/** Rotates a cycle to a canonical start. */
function rotated(record: unknown): unknown {
  if (typeof record !== 'object' || record === null || !('cycle' in record) || !('steps' in record))
    return record;
  const { cycle, steps, ...rest } = record;
  if (!Array.isArray(cycle) || !Array.isArray(steps)) return record;
  const turns = steps.map((_, turn) =>
    JSON.stringify([...steps.slice(turn), ...steps.slice(0, turn)].map(sortKeys)),
  );
  return { ...rest, length: cycle.length, steps: turns.toSorted()[0] };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  );
}

const inAnyOrder = (records: readonly unknown[]): readonly unknown[] =>
  records.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Cases whose cycles differ from Elle's, with the reason. */
const OTHER_CYCLES: Readonly<Record<string, string>> = {
  'elle-unit/078':
    'the component has two rw, rw cycles; ours is of two transactions, Elle names the one of three',
  'elle-unit/079': 'beside the G0 the component has a G-single-item, which Elle does not come across',
};

function comparableAnomalies(anomalies: unknown): unknown {
  return Object.fromEntries(
    Object.entries((withIndexes(anomalies) ?? {}) as Record<string, unknown>).map(([type, records]) => [
      type,
      Array.isArray(records) ? inAnyOrder(records.map((record) => sortKeys(rotated(record)))) : records,
    ]),
  );
}

/** Gives operations their own process where the history, a fragment, has none. */
function withProcesses(history: readonly TransactionOp[]): readonly TransactionOp[] {
  return history.map((op, index) =>
    (op.process as unknown) === null ? { ...op, process: 1000 + index } : op,
  );
}

describe.skipIf(units.length === 0)("Elle's own unit cases", () => {
  it.each(units.map((one) => [`${one.id} ${one.kind}: ${one.test}`, one] as const))('%s', (_, one) => {
    const history = withProcesses(one.history);
    const [workload = '', kind = ''] = one.kind.split('/');
    if (workload === 'core') {
      const edges = orderEdges(kind, history);
      expect(sortedEdges(edges)).toEqual(sortedEdges((one.expected as { edges: EdgeList }).edges));
      return;
    }
    if (kind === 'check') {
      const expected = one.expected as Expected & { throws?: unknown };
      const ours = check(workload, history, one.opts);
      if (expected.throws !== undefined) {
        // Elle distinguishes Java's short and long integers; JSON has one kind, so the history is valid.
        expect(one.test).toBe('type-sanity');
        return;
      }
      const impossible = impossibleReads(workload, history);
      expectAgreementBesides(impossible, ours, expected);
      if (impossible.length > 0) return;
      if (OTHER_CYCLES[one.id] === undefined) {
        expect(comparableAnomalies(ours['anomalies'])).toEqual(comparableAnomalies(expected.anomalies));
      }
      return;
    }
    if (kind.endsWith('graph')) {
      const expected = one.expected as { edges?: EdgeList; throws?: unknown };
      if (expected.throws !== undefined) {
        expect(check(workload, history, {})).toMatchObject({
          'valid?': 'unknown',
          error: { type: 'duplicate-appends' },
        });
        return;
      }
      const wanted = kind === 'graph' ? undefined : kind.replace('-graph', '');
      const edges = graphOf(workload, history, {}, 'none')
        .map(
          ([from, to, names]) =>
            [from, to, names.filter((name) => wanted === undefined || name === wanted)] as const,
        )
        .filter(([, , names]) => names.length > 0);
      expect(sortedEdges(edges)).toEqual(sortedEdges(expected.edges ?? []));
      return;
    }
    const types = kind.startsWith('internal')
      ? ['internal', 'future-read']
      : [kind.replace('g', 'G').replace('-cases', '')];
    const ours = check(workload, history, { 'consistency-models': null, anomalies: types })['anomalies'];
    const found = comparableAnomalies(ours) as Record<string, readonly unknown[]>;
    const theirs = Array.isArray(one.expected)
      ? { [types[0] ?? '']: one.expected }
      : ((one.expected ?? {}) as Record<string, unknown>);
    for (const type of types) {
      expect(found[type] ?? []).toEqual((comparableAnomalies(theirs) as Record<string, unknown>)[type] ?? []);
    }
  });
});

function orderEdges(kind: string, history: readonly TransactionOp[]): EdgeList {
  const log = new TransactionLog();
  for (const op of history) log.observe(op);
  const indexOf = (vertex: number): number => log.operation(vertex, null).index;
  const none: DataDependencies = {
    helpers: 0,
    collect: () => undefined,
    collectFromHelper: () => undefined,
    hasSelfEdges: false,
    explain: () => undefined,
    priority: [],
  };
  const order = kind === 'process-graph' ? 'process' : 'realtime';
  return edgesOf(new DependencyGraph(log, none, order, new Meter(undefined)), indexOf);
}

describe('the tables of models and anomalies', () => {
  const tablesFile = new URL('../../../shared/reference/elle-tables.json', import.meta.url);
  const present = existsSync(tablesFile);

  it('know every model of the corpus', () => {
    const models = new Set(
      generated('list-append.json').flatMap(({ runs }) =>
        runs.flatMap(({ opts }) => (opts['consistency-models'] ?? []) as readonly string[]),
      ),
    );
    for (const model of models) expect(canonicalModelName(model)).not.toBe('');
  });

  it.skipIf(!present)('equal those of Elle, if they are next to the project', async () => {
    const models = await import('../../src/checkers/elle/levels/consistency-models.ts');
    const tables = JSON.parse(readFileSync(tablesFile, 'utf8')) as {
      readonly aliases: Readonly<Record<string, string>>;
      readonly friendly: Readonly<Record<string, string>>;
      readonly 'prohibited-by': Readonly<Record<string, readonly string[]>>;
      readonly boundary: Readonly<
        Record<string, { readonly not: readonly string[]; readonly 'also-not': readonly string[] }>
      >;
      readonly 'search-order': readonly { readonly type: string }[];
    };
    for (const [alias, name] of Object.entries(tables.aliases))
      expect(models.canonicalModelName(alias)).toBe(name);
    for (const [name, friendly] of Object.entries(tables.friendly))
      expect(models.friendlyModelName(name)).toBe(friendly);
    for (const [model, prohibited] of Object.entries(tables['prohibited-by'])) {
      // Our table also has garbage reads, which no model allows, and anomalies only found by deciding.
      const isOurs = (name: string): boolean => name === 'garbage-read' || /^no-\w+-order/.test(name);
      const ours = [...models.prohibitedAnomalies([model])].filter((name) => !isOurs(name));
      expect([model, ours.toSorted()]).toEqual([model, prohibited.toSorted()]);
    }
    for (const [anomaly, boundary] of Object.entries(tables.boundary)) {
      const { not, alsoNot } = models.modelBoundary([anomaly]);
      expect([anomaly, not, alsoNot]).toEqual([anomaly, boundary.not, boundary['also-not']]);
    }
    const ours = SEARCH_ORDER.map(({ name }) => name);
    // There are no predicates, so their anomalies are not searched for.
    const predicate = new Set(
      ['G-single', 'G-nonadjacent', 'G2'].flatMap((name) => [name, `${name}-process`, `${name}-realtime`]),
    );
    const theirs = tables['search-order'].map(({ type }) => type).filter((type) => !predicate.has(type));
    expect(ours.toSorted()).toEqual([...new Set([...theirs, 'G-nonadjacent-item-process'])].toSorted());
  });
});
