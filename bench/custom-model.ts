/**
 * Cost of checking against a custom model: a key-value store with get, put and append on strings (`kv-log.ts`), with a
 * separate state for each key; and the queue and the register, whose values are unique.
 *
 *     node bench/run.mjs custom-model [--write FOLDER]      also writes the logs as Porcupine's tests read them
 *     node bench/run.mjs custom-model --plain               without what the model says of its strings
 *
 * Where most requests take effect early, Porcupine answers as well: of these there are twenty logs of each kind. Where
 * all take effect late, it answers few.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../src/checkers/check.ts';
import type { CheckResult } from '../src/checkers/checker.ts';
import type { SequentialModel } from '../src/checkers/linearizable/models.ts';
import type { Op } from '../src/history/op.ts';
import { Random } from '../src/world/random.ts';
import { kvLog, type KvOp, type KvShape } from './kv-log.ts';

const kv: SequentialModel = {
  name: 'kv',
  init: '',
  operations: ['get', 'put', 'append'],
  isReadOnly: (f) => f === 'get',
  // Without it the search begins plainly, and guesses after a while what each operation does.
  ...(process.argv.includes('--plain') ? {} : { text: { get: 'shows', put: 'replaces', append: 'appends' } }),
  step(state, f, value) {
    if (f === 'get') return value === state ? state : undefined;
    return f === 'put' ? value : `${state as string}${value as string}`; // all values are strings in these logs
  },
};

const FIFTY = { clients: 50, keys: 10, crashes: 0, longest: 20, answer: 0.02 } as const;
const FAULTS = ['none', 'stale get', 'lost append'] as const;
const LOGS: readonly KvShape[] = [
  ...[0.02, 0.1].flatMap((answer) => FAULTS.map((fault) => ({ ...FIFTY, answer, operations: 2000, fault }))),
  ...FAULTS.map((fault) => ({ ...FIFTY, operations: 20_000, fault })),
  { ...FIFTY, operations: 20_000, crashes: 20, fault: 'none' },
  { ...FIFTY, operations: 2000, crashes: 4, fault: 'none' },
];

/** As in tests of a store over an unreliable network: a request that waits usually waits for a lost answer. */
const EARLY: readonly KvShape[] = [0.95, 0.8].flatMap((early) =>
  FAULTS.map((fault) => ({ ...FIFTY, answer: 0.02, early, operations: 1600, fault })),
);
const SEEDS = 20;

const only = process.env['ONLY'] ?? '';
const at = process.argv.indexOf('--write');
const folder = at < 0 ? undefined : process.argv[at + 1];
if (folder !== undefined) mkdirSync(folder, { recursive: true });
for (const shape of LOGS) {
  const name = `kv, ${shape.operations} operations, ${shape.clients} clients, ${shape.keys} keys, ${shape.crashes} crashes, answers within ${shape.answer}, ${shape.fault}`;
  if (!name.includes(only)) continue;
  const ops = kvLog(shape, Random.fromSeed(name));
  if (folder !== undefined) {
    writeFileSync(join(folder, `${name.replaceAll(/[, ]+/g, '-')}.txt`), ops.map(asPorcupine).join(''));
  }
  // A function returns the keys, since they are not part of the values.
  measure(name, () => check(kv, ops, { key: (op) => (op as KvOp).key }), shape.fault === 'none');
}

for (const shape of EARLY) {
  const name = `kv, ${shape.operations} operations, ${shape.early} take effect early, ${shape.fault}`;
  if (!name.includes(only)) continue;
  const costs: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const ops = kvLog(shape, Random.fromSeed(String(seed)));
    if (folder !== undefined)
      writeFileSync(
        join(folder, `early-${shape.early}-${shape.fault.replace(' ', '-')}-${seed}.txt`),
        ops.map(asPorcupine).join(''),
      );
    const { verdict, ms } = costOf(() => check(kv, ops, { key: (op) => (op as KvOp).key }));
    // A lost append may leave no trace in the history.
    if (verdict === 'unknown' || (shape.fault === 'none' && !verdict))
      throw new Error(`${name}, seed ${seed}, was judged ${String(verdict)}`);
    costs.push(ms);
  }
  costs.sort((a, b) => a - b);
  const [median = NaN, worst = NaN] = [costs[SEEDS / 2], costs.at(-1)];
  console.log(`${name}: median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${SEEDS}`);
}

/** Returns a history of processes that enqueue and dequeue, or write and read, unique values; one in a thousand crashes. */
function uniqueValues(kind: 'queue' | 'register', operations: number, processes: number): readonly Op[] {
  const random = Random.fromSeed(kind);
  const ops: Op[] = [];
  const items: number[] = [];
  let written: number | null = null;
  let next = 0;
  const running: (undefined | { readonly op: Op; answer?: Op['value'] })[] = Array.from(
    { length: processes },
    () => undefined,
  );
  const names = Array.from({ length: processes }, (_, process) => process);
  const record = (op: Omit<Op, 'index' | 'time'>): Op => {
    const recorded = { ...op, index: ops.length, time: ops.length };
    ops.push(recorded);
    return recorded;
  };
  const effect = ({ f, value }: Op): Op['value'] => {
    if (f === 'enqueue') items.push(Number(value));
    if (f === 'write') written = Number(value);
    if (f === 'dequeue') return items.shift() ?? null;
    return f === 'read' ? written : value;
  };
  for (let begun = 0; begun < operations;) {
    const p = random.int(processes);
    const current = running[p];
    const process = names[p] ?? p;
    if (current === undefined) {
      begun++;
      const puts = random.boolean() || (kind === 'queue' && items.length < processes);
      const f = kind === 'queue' ? (puts ? 'enqueue' : 'dequeue') : puts ? 'write' : 'read';
      running[p] = { op: record({ type: 'invoke', process, f, value: puts ? next++ : null }) };
    } else if (current.answer === undefined) current.answer = effect(current.op);
    else {
      const { f, value } = current.op;
      const crashes = random.int(1000) === 0;
      record(
        crashes ? { type: 'info', process, f, value } : { type: 'ok', process, f, value: current.answer },
      );
      if (crashes) names[p] = process + processes;
      running[p] = undefined;
    }
  }
  return ops;
}

for (const [model, kind] of [
  ['fifo-queue', 'queue'],
  ['unordered-queue', 'queue'],
  ['register', 'register'],
  ['cas-register', 'register'],
] as const) {
  const ops = uniqueValues(kind, 100_000, 10);
  measure(`${model}, 100000 operations, 10 processes, unique values`, () => check(model, ops), true);
  const late = lateRead(ops);
  const wrong = ops.map((op) => (op.index === late ? { ...op, value: Number(op.value) - 30 } : op));
  measure(`${model}, the same, wrong near the end`, () => check(model, wrong), false);
}

function lateRead(ops: readonly Op[]): number {
  return ops.findIndex(
    ({ type, f }, index) => index > ops.length * 0.9 && type === 'ok' && (f === 'read' || f === 'dequeue'),
  );
}

function measure(name: string, judge: () => CheckResult, expected: boolean): void {
  const { verdict, ms } = costOf(judge);
  if (verdict === !expected) throw new Error(`${name} was judged ${String(verdict)}`);
  console.log(
    `${name}: ${ms.toFixed(0)} ms${verdict === 'unknown' ? ', no verdict within the default budget' : ''}`,
  );
}

function costOf(judge: () => CheckResult): { readonly verdict: CheckResult['valid?']; readonly ms: number } {
  globalThis.gc?.();
  const start = process.cpuUsage();
  const verdict = judge()['valid?'];
  const { user, system } = process.cpuUsage(start);
  return { verdict, ms: (user + system) / 1000 };
}

function asPorcupine({ process, type, f, key, value }: KvOp): string {
  if (type === 'info') return '';
  const text = value === null ? 'nil' : JSON.stringify(value);
  return `{:process ${process}, :type :${type}, :f :${f}, :key "${key}", :value ${text}}\n`;
}
